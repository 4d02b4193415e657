/** Languages, networks and tables by their specifications. Independent of Kafka and Vert.x. */
@NullMarked
package basin.language.study;

import org.jspecify.annotations.NullMarked;

/** Named seeds, and languages and networks by their specifications. Knows no Kafka and no Vert.x. */
@NullMarked
package basin.language.study;

import org.jspecify.annotations.NullMarked;

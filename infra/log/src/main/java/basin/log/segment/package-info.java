/** Reading of Kafka's log segments from a broker's folder, without a broker. */
@NullMarked
package basin.log.segment;

import org.jspecify.annotations.NullMarked;

/**
 * The whole pipeline in one JVM: a broker on the loopback address and the four services, connected
 * only through Kafka.
 */
@NullMarked
package basin.cli.pipeline;

import org.jspecify.annotations.NullMarked;

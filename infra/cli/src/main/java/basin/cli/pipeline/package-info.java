/** The whole pipeline in one JVM: a broker on loopback and the four services, joined by Kafka alone. */
@NullMarked
package basin.cli.pipeline;

import org.jspecify.annotations.NullMarked;

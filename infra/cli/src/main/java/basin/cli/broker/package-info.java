/** A Kafka broker in this JVM. No other package uses Kafka's server classes. */
@NullMarked
package basin.cli.broker;

import org.jspecify.annotations.NullMarked;

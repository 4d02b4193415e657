/** A Kafka broker inside this JVM: the only package that knows Kafka's server classes. */
@NullMarked
package basin.cli.broker;

import org.jspecify.annotations.NullMarked;

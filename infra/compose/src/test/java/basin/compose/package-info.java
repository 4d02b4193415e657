/**
 * What holds image, compose files, Prometheus' rules and the pipeline on Kafka's own image
 * together.
 */
@NullMarked
package basin.compose;

import org.jspecify.annotations.NullMarked;

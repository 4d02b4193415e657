/**
 * Estimators of flatness, each with the standard error and interval of what it gives. They see a {@link
 * basin.flatness.estimator.LossSurface loss surface}, not a network, and draw everything random from named seeds. No Kafka, no
 * Vert.x.
 */
@NullMarked
package basin.flatness.estimator;

import org.jspecify.annotations.NullMarked;

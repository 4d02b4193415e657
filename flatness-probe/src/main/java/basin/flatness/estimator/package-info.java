/**
 * Flatness estimators, each of which reports a standard error and a confidence interval. They see a
 * {@link basin.flatness.estimator.LossSurface loss surface} rather than a network, and draw all
 * random numbers from named seeds. Independent of Kafka and Vert.x.
 */
@NullMarked
package basin.flatness.estimator;

import org.jspecify.annotations.NullMarked;

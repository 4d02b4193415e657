/**
 * The aggregator service. It folds the record into live correlations for the page, the metrics and
 * Kafka.
 */
@NullMarked
package basin.aggregator;

import org.jspecify.annotations.NullMarked;

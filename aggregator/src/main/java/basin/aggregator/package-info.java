/** The aggregator service: folds the record into live correlations, for the page, for metrics and back onto Kafka. */
@NullMarked
package basin.aggregator;

import org.jspecify.annotations.NullMarked;

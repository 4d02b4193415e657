/**
 * Displayed results: the headline, rows, points and runs, computed once for page, terminal, report
 * and metrics.
 */
@NullMarked
package basin.aggregator.view;

import org.jspecify.annotations.NullMarked;

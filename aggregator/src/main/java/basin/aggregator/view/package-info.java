/** What people are shown: one sentence, rows, points and runs, made once for page, terminal, report and metrics. */
@NullMarked
package basin.aggregator.view;

import org.jspecify.annotations.NullMarked;

/**
 * Answers as files for readers and programs: a report, points in columns, and histories. Pure
 * functions: the same answer gives the same bytes.
 */
@NullMarked
package basin.aggregator.report;

import org.jspecify.annotations.NullMarked;

/** Answers as files for people and programs: a report, points in columns, and histories. Pure; the same answer, the same bytes. */
@NullMarked
package basin.aggregator.report;

import org.jspecify.annotations.NullMarked;

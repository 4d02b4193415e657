/** Tests of answers as files. */
@NullMarked
package basin.aggregator.report;

import org.jspecify.annotations.NullMarked;

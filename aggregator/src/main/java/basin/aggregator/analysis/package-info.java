/** The analysis of a study's state for a question: the rows of its table and their findings. */
@NullMarked
package basin.aggregator.analysis;

import org.jspecify.annotations.NullMarked;

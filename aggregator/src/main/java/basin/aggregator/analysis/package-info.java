/** The question put to the state of a study: which rows there are and what each came to. */
@NullMarked
package basin.aggregator.analysis;

import org.jspecify.annotations.NullMarked;

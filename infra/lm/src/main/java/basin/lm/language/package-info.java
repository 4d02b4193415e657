/** Formal languages whose conditionals, sentence probabilities and optimal loss are computed, not estimated. */
@NullMarked
package basin.lm.language;

import org.jspecify.annotations.NullMarked;

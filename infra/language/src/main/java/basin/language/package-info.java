/** Formal languages whose conditionals, sentence probabilities and optimal loss are computed, not estimated. */
@NullMarked
package basin.language;

import org.jspecify.annotations.NullMarked;

/** Formal languages with exact conditionals, sentence probabilities and optimal losses. */
@NullMarked
package basin.language;

import org.jspecify.annotations.NullMarked;

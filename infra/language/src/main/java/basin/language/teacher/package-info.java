/**
 * The text of a published model, restricted to its most frequent tokens, as a language with exact
 * conditionals.
 */
@NullMarked
package basin.language.teacher;

import org.jspecify.annotations.NullMarked;

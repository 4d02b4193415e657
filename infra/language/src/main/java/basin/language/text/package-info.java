/** Texts of a user's own as something to learn from, and tables of labelled texts. */
@NullMarked
package basin.language.text;

import org.jspecify.annotations.NullMarked;

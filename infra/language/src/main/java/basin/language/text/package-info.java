/** A user's own text as a source of training sentences, and tables of labelled texts. */
@NullMarked
package basin.language.text;

import org.jspecify.annotations.NullMarked;

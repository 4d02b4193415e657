/** Folders that hold one model each, in the layout of Hugging Face. */
@NullMarked
package basin.lm.model;

import org.jspecify.annotations.NullMarked;

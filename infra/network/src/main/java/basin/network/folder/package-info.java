/** Folders that hold one model each, in the layout of Hugging Face. */
@NullMarked
package basin.network.folder;

import org.jspecify.annotations.NullMarked;

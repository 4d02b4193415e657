/** Folders with one model each, in Hugging Face's layout. */
@NullMarked
package basin.network.folder;

import org.jspecify.annotations.NullMarked;

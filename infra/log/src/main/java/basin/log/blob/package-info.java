/** Blobs such as weights on a topic: split into chunks and reassembled. */
@NullMarked
package basin.log.blob;

import org.jspecify.annotations.NullMarked;

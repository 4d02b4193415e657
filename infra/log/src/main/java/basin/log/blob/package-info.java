/** Weights on a topic: chunks of a blob, written and put together again. */
@NullMarked
package basin.log.blob;

import org.jspecify.annotations.NullMarked;

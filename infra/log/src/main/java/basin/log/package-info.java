/**
 * Reading and writing the log: a writer, a tail, blobs in chunks, and work queues on share groups. Nothing here knows
 * what an event means.
 */
@NullMarked
package basin.log;

import org.jspecify.annotations.NullMarked;

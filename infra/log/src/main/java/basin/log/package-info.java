/**
 * Access to the log: a writer, a tail, chunked blobs, and work queues on share groups. Nothing here
 * interprets events.
 */
@NullMarked
package basin.log;

import org.jspecify.annotations.NullMarked;

/** Records that cannot be processed, with their origin, and their redrive. */
@NullMarked
package basin.log.deadletter;

import org.jspecify.annotations.NullMarked;

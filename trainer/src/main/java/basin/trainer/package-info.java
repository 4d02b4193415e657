/** The trainer service: takes runs from the queue, one segment at a time. */
@NullMarked
package basin.trainer;

import org.jspecify.annotations.NullMarked;

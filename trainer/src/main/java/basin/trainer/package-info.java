/** The trainer service, which trains queued runs one segment at a time. */
@NullMarked
package basin.trainer;

import org.jspecify.annotations.NullMarked;

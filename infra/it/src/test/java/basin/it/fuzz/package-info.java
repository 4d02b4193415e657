/** Fuzzing: changed inputs for every reader of what comes from outside. */
@NullMarked
package basin.it.fuzz;

import org.jspecify.annotations.NullMarked;

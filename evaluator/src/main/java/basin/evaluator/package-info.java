/** The evaluator service, which evaluates checkpoints on downstream tasks as they are published. */
@NullMarked
package basin.evaluator;

import org.jspecify.annotations.NullMarked;

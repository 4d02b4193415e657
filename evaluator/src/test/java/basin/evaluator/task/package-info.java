@NullMarked
package basin.evaluator.task;

import org.jspecify.annotations.NullMarked;

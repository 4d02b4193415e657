/**
 * Evaluation protocols that measure how well a task can be learnt from a network, by a linear probe
 * on its frozen states or by fine-tuning.
 */
@NullMarked
package basin.evaluator.protocol;

import org.jspecify.annotations.NullMarked;

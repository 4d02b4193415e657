/**
 * Pre-training from checkpoint to checkpoint, and the validation loss relative to the exact
 * conditionals.
 */
@NullMarked
package basin.trainer.training;

import org.jspecify.annotations.NullMarked;

/** Pre-training: the optimiser's loop from checkpoint to checkpoint, and the loss against the exact conditional. */
@NullMarked
package basin.trainer.training;

import org.jspecify.annotations.NullMarked;

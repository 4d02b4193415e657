/** Encoders, their weights and their training step. */
@NullMarked
package basin.lm.network;

import org.jspecify.annotations.NullMarked;

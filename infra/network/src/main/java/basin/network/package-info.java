/**
 * Networks as functions of flat parameter vectors, batches of tokens, per-sample gradients, weights
 * and optimisers.
 */
@NullMarked
package basin.network;

import org.jspecify.annotations.NullMarked;

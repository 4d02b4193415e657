/** Benchmarks of the training step against other implementations; not part of the service. */
@NullMarked
package basin.trainer.bench;

import org.jspecify.annotations.NullMarked;

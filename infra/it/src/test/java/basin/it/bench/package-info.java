/** Benchmarks of speed and memory, as ratios to a baseline measured in the same run. */
@NullMarked
package basin.it.bench;

import org.jspecify.annotations.NullMarked;

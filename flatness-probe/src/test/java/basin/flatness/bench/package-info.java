/** Basin's side of the benchmarks against other tools. */
@NullMarked
package basin.flatness.bench;

import org.jspecify.annotations.NullMarked;

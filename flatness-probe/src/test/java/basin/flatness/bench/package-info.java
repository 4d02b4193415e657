/** Our side of the benchmarks beside other tools. */
@NullMarked
package basin.flatness.bench;

import org.jspecify.annotations.NullMarked;

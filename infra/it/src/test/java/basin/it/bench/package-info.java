/** Measurements of speed and memory, as ratios taken side by side in one run. */
@NullMarked
package basin.it.bench;

import org.jspecify.annotations.NullMarked;

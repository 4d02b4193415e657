/** Results of measurements and the reporting of their progress. */
@NullMarked
package basin.flatness.measurement;

import org.jspecify.annotations.NullMarked;

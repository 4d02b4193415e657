@NullMarked
package basin.trainer;

import org.jspecify.annotations.NullMarked;

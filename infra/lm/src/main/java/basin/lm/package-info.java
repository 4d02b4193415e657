@NullMarked
package basin.lm;

import org.jspecify.annotations.NullMarked;

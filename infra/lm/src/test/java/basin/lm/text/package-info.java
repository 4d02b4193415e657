@NullMarked
package basin.lm.text;

import org.jspecify.annotations.NullMarked;

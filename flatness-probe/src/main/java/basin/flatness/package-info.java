@NullMarked
package basin.flatness;

import org.jspecify.annotations.NullMarked;

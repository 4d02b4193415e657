@NullMarked
package basin.local;

import org.jspecify.annotations.NullMarked;

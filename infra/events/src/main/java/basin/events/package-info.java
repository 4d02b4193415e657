@NullMarked
package basin.events;

import org.jspecify.annotations.NullMarked;

/** Topics as they should be, and the state of a cluster. */
@NullMarked
package basin.log.admin;

import org.jspecify.annotations.NullMarked;

/** Work items in share groups: taken, renewed, accepted, requeued. */
@NullMarked
package basin.log.work;

import org.jspecify.annotations.NullMarked;

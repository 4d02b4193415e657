/** Work queues on share groups: work items are taken, renewed, accepted and requeued. */
@NullMarked
package basin.log.work;

import org.jspecify.annotations.NullMarked;

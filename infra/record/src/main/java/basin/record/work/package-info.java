/**
 * Work items: the bounded units of work that a study requests, one per record, and the expansion of
 * a study into them.
 */
@NullMarked
package basin.record.work;

import org.jspecify.annotations.NullMarked;

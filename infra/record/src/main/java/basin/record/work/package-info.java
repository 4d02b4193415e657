/** Work items: what a study wants done, one bounded work item a record, and how a study expands to them. */
@NullMarked
package basin.record.work;

import org.jspecify.annotations.NullMarked;

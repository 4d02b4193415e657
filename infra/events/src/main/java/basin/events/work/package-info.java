/** Work items: what a study wants done, one bounded work item a record, and how a study expands to them. */
@NullMarked
package basin.events.work;

import org.jspecify.annotations.NullMarked;

/** What a study will cost before its first step. */
@NullMarked
package basin.local.plan;

import org.jspecify.annotations.NullMarked;

/** What a study will cost before its first step. */
@NullMarked
package basin.cli.plan;

import org.jspecify.annotations.NullMarked;

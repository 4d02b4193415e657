/** The commands of {@code infra/basin}. */
@NullMarked
package basin.local.command;

import org.jspecify.annotations.NullMarked;

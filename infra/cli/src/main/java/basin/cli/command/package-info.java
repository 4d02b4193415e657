/** The commands of {@code infra/basin}. */
@NullMarked
package basin.cli.command;

import org.jspecify.annotations.NullMarked;

/**
 * The documents that commands print with {@code --json}, a record for each command. Names are
 * camelCase; a value that is unknown is null. The schemas in {@code infra/docs/schemas} are
 * generated from these records and their comments.
 */
@NullMarked
package basin.cli.document;

import org.jspecify.annotations.NullMarked;

/** A study's record as one file: exported from one Kafka, verified, and imported into another. */
@NullMarked
package basin.cli.transfer;

import org.jspecify.annotations.NullMarked;

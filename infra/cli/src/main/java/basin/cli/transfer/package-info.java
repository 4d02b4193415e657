/** A study's record as one file: written from a Kafka, checked, and written into another. */
@NullMarked
package basin.cli.transfer;

import org.jspecify.annotations.NullMarked;

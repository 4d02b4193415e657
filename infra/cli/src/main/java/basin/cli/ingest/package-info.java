/** Checkpoints that another program writes, measured and put on record as they appear. */
@org.jspecify.annotations.NullMarked
package basin.cli.ingest;

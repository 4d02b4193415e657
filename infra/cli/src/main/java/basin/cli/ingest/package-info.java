/**
 * Ingestion of checkpoints that another program writes: they are measured and put on record as they
 * appear.
 */
@org.jspecify.annotations.NullMarked
package basin.cli.ingest;

package basin.local.ingest;

import basin.events.Measured;

/**
 * A score that another program gave to a checkpoint.
 *
 * @param value a share, 0 to 1, with its standard error
 */
record Score(String run, int step, String task, Measured value) {}

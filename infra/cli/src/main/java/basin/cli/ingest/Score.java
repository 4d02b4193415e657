package basin.cli.ingest;

import basin.record.Measured;
import java.util.OptionalDouble;

/**
 * A score that another program gave to a checkpoint.
 *
 * @param run name of the run in the manifest
 * @param step number of optimiser steps
 * @param task name of the task in the manifest
 * @param value a share, 0 to 1, with its standard error
 */
record Score(String run, int step, String task, Measured value) {
    /**
     * A score as read from a file, not validated yet.
     *
     * @param where the file and the line or task, for messages
     * @param standardError empty if only {@code examples} is given
     * @param examples number of answers that the share refers to
     */
    record Given(
            String where,
            String run,
            int step,
            String task,
            OptionalDouble value,
            OptionalDouble standardError,
            OptionalDouble examples) {}
}

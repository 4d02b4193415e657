package basin.cli.ingest;

import basin.record.Measured;
import java.util.OptionalDouble;

/**
 * A score that another program gave to a checkpoint.
 *
 * @param run name of the run in the manifest
 * @param step optimiser steps taken
 * @param task name of the task in the manifest
 * @param value a share, 0 to 1, with its standard error
 */
record Score(String run, int step, String task, Measured value) {
    /**
     * A score as it stands in a file, not checked yet.
     *
     * @param where the file and the line or task, for messages
     * @param standardError absent if only {@code examples} is given
     * @param examples how many right or wrong answers it is the share of
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

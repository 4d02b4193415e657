package basin.aggregator.view;

import java.util.List;
import java.util.OptionalLong;

/**
 * How far a study has come and how long it may still take. Holds wall time, so it is no part of the view.
 *
 * @param revision events folded when the view was made that this goes with
 * @param viewAgeMillis since that view was made
 * @param fraction of all work, 0 to 1, estimated
 * @param remainingSeconds estimated; absent until there is something to judge by
 */
public record Progress(
        String studyId,
        long revision,
        long viewAgeMillis,
        double fraction,
        OptionalLong remainingSeconds,
        List<Run> runs,
        Pipeline pipeline) {
    /** A run's training. */
    public record Run(String runId, double fraction, OptionalLong remainingSeconds) {}

    /**
     * The pipeline at large.
     *
     * @param events read, by topic
     * @param workInFlight work items held by this process
     */
    public record Pipeline(
            List<Topic> events, long workInFlight, long duplicates, long conflicts, long malformed, long deadLetters) {}

    /** Events read from a topic. */
    public record Topic(String topic, long events) {}
}

package basin.aggregator.view;

import java.util.List;
import java.util.OptionalLong;

/**
 * The progress of a study and an estimate of the remaining time. It depends on wall time and so is
 * not part of the view.
 *
 * @param revision number of events folded when the accompanying view was computed
 * @param viewAgeMillis age of that view in milliseconds
 * @param fraction estimated fraction of all work done, 0 to 1
 * @param remainingSeconds estimate in seconds; absent until there is enough data for it
 */
public record Progress(
        String studyId,
        long revision,
        long viewAgeMillis,
        double fraction,
        OptionalLong remainingSeconds,
        List<Run> runs,
        Pipeline pipeline) {
    /** Returns the progress with those runs alone that are begun and have not ended. */
    public Progress ofRunning() {
        return new Progress(
                studyId,
                revision,
                viewAgeMillis,
                fraction,
                remainingSeconds,
                runs.stream()
                        .filter(run -> run.fraction() > 0 && run.fraction() < 1)
                        .toList(),
                pipeline);
    }

    /** The progress of a run's training. */
    public record Run(String runId, double fraction, OptionalLong remainingSeconds) {}

    /**
     * The state of the whole pipeline.
     *
     * @param events events read, by topic
     * @param workInFlight number of work items held by this process
     */
    public record Pipeline(
            List<Topic> events, long workInFlight, long duplicates, long conflicts, long malformed, long deadLetters) {}

    /** The number of events read from a topic. */
    public record Topic(String topic, long events) {}
}

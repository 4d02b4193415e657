package basin.it.bench;

import basin.aggregator.view.StudyView;
import basin.aggregator.view.ViewJson;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.log.LogScan;
import basin.log.LogSource;
import basin.record.Event;
import basin.record.EventCodec;
import basin.record.MalformedEventException;
import basin.record.Topic;
import basin.study.Ids;
import basin.study.StudySpec;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The complete record of a study.
 *
 * @param events the canonical bytes of every event, by its id
 * @param again number of records that repeat an earlier one
 * @param conflicts number of records with another content under an existing id, or that are no
 *     events
 * @param deadLetters number of records of the dead-letter topic
 * @param view the study's view with all its numbers
 */
record OnRecord(Map<String, String> events, int again, int conflicts, int deadLetters, String view) {
    private static final Duration LIMIT = Duration.ofMinutes(60);

    /** Reads the record. */
    static OnRecord read(LogSource log, String view) {
        Map<String, String> events = new HashMap<>();
        int[] counts = new int[3];
        try (LogScan scan = log.scan("bench")) {
            for (Topic topic : Topic.folded()) {
                scan.read(topic.topicName(), record -> {
                    try {
                        Event event = EventCodec.decode(record.value());
                        String bytes = new String(EventCodec.encode(event), StandardCharsets.UTF_8);
                        String before = events.putIfAbsent(event.id(), bytes);
                        if (before != null) {
                            counts[before.equals(bytes) ? 0 : 1]++;
                        }
                    } catch (MalformedEventException poison) {
                        counts[1]++;
                    }
                });
            }
            scan.read(Topic.DEAD_LETTER.topicName(), record -> counts[2]++);
        }
        return new OnRecord(events, counts[0], counts[1], counts[2], view);
    }

    /** Runs the study undisturbed in one JVM and returns its record. */
    static OnRecord undisturbed(StudySpec study, Path folder, int slots) throws Exception {
        try (LocalPipeline pipeline = LocalPipeline.start(folder, 0, slots)) {
            Submission.submit(pipeline.endpoint(), study);
            long limit = System.nanoTime() + LIMIT.toNanos();
            while (true) {
                Optional<StudyView> view = pipeline.aggregator().view(Ids.study(study));
                if (view.filter(StudyView::ended).isPresent()) {
                    return read(
                            pipeline.endpoint(), new String(ViewJson.canonical(view.get()), StandardCharsets.UTF_8));
                }
                Fleet.pause(limit, "the undisturbed study did not end");
            }
        }
    }

    /** Prints the differences from the undisturbed record; returns whether there are none. */
    boolean isAs(OnRecord undisturbed, PrintStream out) {
        Set<String> lost = new HashSet<>(undisturbed.events().keySet());
        lost.removeAll(events.keySet());
        long others = undisturbed.events().entrySet().stream()
                .filter(event ->
                        events.containsKey(event.getKey()) && !event.getValue().equals(events.get(event.getKey())))
                .count();
        boolean same = undisturbed.view().equals(view);
        out.printf(
                "%,d events undisturbed; lost %d, conflicting %d, other than undisturbed %d, dead-lettered %d, written"
                        + " again and folded once %d; table %s%n",
                undisturbed.events().size(),
                lost.size(),
                conflicts,
                others,
                deadLetters,
                again,
                same ? "identical to the byte" : "DIFFERENT");
        return lost.isEmpty() && conflicts == 0 && others == 0 && deadLetters == 0 && same;
    }
}

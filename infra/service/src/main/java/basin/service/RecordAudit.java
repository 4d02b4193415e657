package basin.service;

import basin.log.LogRecord;
import basin.log.LogScan;
import basin.log.LogSource;
import basin.log.admin.ClusterReport.Line;
import basin.log.admin.ClusterReport.Verdict;
import basin.log.blob.BlobRead;
import basin.log.work.UnprocessableWork;
import basin.record.Event;
import basin.record.EventCodec;
import basin.record.EventSchemas;
import basin.record.MalformedEventException;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.record.Weights;
import basin.study.Ids;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A check of everything in a record: every event by its JSON Schema and its id, every reference
 * from event to event, and every checkpoint's weights. Confined to one thread.
 */
public final class RecordAudit {
    private static final String REMEDY = "go back to a backup, or import an export into a new folder";
    private static final List<String> TOPICS = Stream.concat(Topic.folded().stream(), Stream.of(Topic.CORRELATION))
            .map(Topic::topicName)
            .toList();

    private final Tally schemas = new Tally("schemas", "events fit their JSON Schema");
    private final Tally ids = new Tally("ids", "events have the id, key and topic that their content gives");
    private final Tally references = new Tally("references", "runs and checkpoints that events name are recorded");
    private final Tally weights = new Tally("weights", "checkpoints have all chunks, their length and their SHA-256");
    private final Set<String> runs = new HashSet<>();
    private final Map<String, Set<Integer>> checkpoints = new HashMap<>();
    private final Set<String> runsNamed = new HashSet<>();
    private final Map<String, Set<Integer>> checkpointsNamed = new HashMap<>();
    private final Map<String, Integer> checkpointsCounted = new HashMap<>();
    private long bytes;
    /** Number of checkpoints that were imported without their weights. */
    private long withoutWeights;

    private RecordAudit() {}

    /** A listener for the progress of the check. */
    @FunctionalInterface
    public interface Watcher {
        /**
         * Reports progress.
         *
         * @param what the present stage
         * @param done 0 to {@code all}
         */
        void at(String what, long done, long all);
    }

    /** The number of things that were checked, with the first mistake. */
    private static final class Tally {
        private final String name;
        private final String what;
        private long all;
        private long wrong;
        private String first = "";

        Tally(String name, String what) {
            this.name = name;
            this.what = what;
        }

        void count(Optional<String> mistake) {
            all++;
            if (mistake.isPresent() && wrong++ == 0) {
                first = mistake.get();
            }
        }

        Line line(String more) {
            String said = String.format(Locale.ROOT, "%s: %,d of %,d %s%s", name, all - wrong, all, what, more);
            return wrong == 0
                    ? new Line(Verdict.OK, said)
                    : new Line(Verdict.WRONG, said + "; the first that does not: " + first + "; " + REMEDY);
        }
    }

    /**
     * Checks a record, to its present end.
     *
     * @return one line per kind of check, with counts
     */
    public static List<Line> of(LogSource log, Watcher watcher) {
        RecordAudit audit = new RecordAudit();
        try (LogScan scan = log.scan("audit")) {
            for (String topic : TOPICS) {
                scan.read(topic, audit::take, (read, all) -> watcher.at("checking " + topic, read, all));
            }
        }
        audit.compare();
        try (StoredRecord record = StoredRecord.read(log)) {
            audit.weights(record, watcher);
        }
        return List.of(
                audit.schemas.line(""),
                audit.ids.line(""),
                audit.references.line(""),
                audit.weights.line(String.format(
                        Locale.ROOT,
                        ", %,d bytes%s",
                        audit.bytes,
                        audit.withoutWeights == 0
                                ? ""
                                : ", beside " + audit.withoutWeights + " that were imported without weights")));
    }

    private void take(LogRecord record) {
        if (record.tombstone()) {
            return;
        }
        try {
            Event event = EventCodec.decode(record.value());
            schemas.count(EventSchemas.mistake(record.value()).map(mistake -> record.position() + ", " + mistake));
            ids.count(idMistake(event, record).map(mistake -> record.position() + ", " + mistake));
            refer(event);
        } catch (MalformedEventException malformed) {
            schemas.count(Optional.of(record.position() + ", " + malformed.getMessage()));
        }
    }

    private static Optional<String> idMistake(Event event, LogRecord record) {
        // Other programs may leave the header out, because readers compute the id.
        Optional<String> id = record.header(RecordHeaders.EVENT_ID);
        if (id.isPresent() && !id.get().equals(event.id())) {
            return Optional.of("id " + id.get() + " instead of " + event.id());
        }
        if (!record.key().equals(event.key())) {
            return Optional.of("key '" + record.key() + "' instead of '" + event.key() + "'");
        }
        if (!record.topic().equals(event.topic().topicName())) {
            return Optional.of(
                    "topic " + record.topic() + " instead of " + event.topic().topicName());
        }
        if (event instanceof Event.RunDeclared declared && !declared.runId().equals(Ids.run(declared.spec()))) {
            return Optional.of("run " + declared.runId() + " instead of " + Ids.run(declared.spec()));
        }
        return Optional.empty();
    }

    private void refer(Event event) {
        switch (event) {
            case Event.RunDeclared declared -> runs.add(declared.runId());
            case Event.CheckpointPublished published -> {
                runsNamed.add(published.runId());
                add(checkpoints, published.runId(), published.step());
            }
            case Event.RunFinished finished -> {
                runsNamed.add(finished.runId());
                checkpointsCounted.merge(finished.runId(), finished.checkpoints(), Math::max);
            }
            case Event.EstimatorResult result -> add(checkpointsNamed, result.runId(), result.step());
            case Event.DownstreamMeasured measured -> add(checkpointsNamed, measured.runId(), measured.step());
            case Event.RunEvent other -> runsNamed.add(other.runId());
            case Event.StudySubmitted _, Event.StudyControlled _, Event.Derived _ -> {
                // Speak of no run.
            }
        }
    }

    private static void add(Map<String, Set<Integer>> steps, String runId, int step) {
        steps.computeIfAbsent(runId, run -> new HashSet<>()).add(step);
    }

    private void compare() {
        runsNamed.addAll(checkpointsNamed.keySet());
        for (String run : runsNamed) {
            references.count(runs.contains(run) ? Optional.empty() : Optional.of("run " + run + " is not declared"));
        }
        checkpointsNamed.forEach((run, steps) -> steps.forEach(step -> references.count(
                checkpoints.getOrDefault(run, Set.of()).contains(step)
                        ? Optional.empty()
                        : Optional.of("there is no checkpoint of run " + run + " at step " + step))));
        checkpointsCounted.forEach((run, counted) -> {
            int there = checkpoints.getOrDefault(run, Set.of()).size();
            references.count(
                    there >= counted
                            ? Optional.empty()
                            : Optional.of("run " + run + " published " + counted + " checkpoints, and " + there
                                    + " are there"));
        });
    }

    private void weights(StoredRecord record, Watcher watcher) {
        List<RecordView.StoredCheckpoint> all = record.view().runs().stream()
                .flatMap(run -> record.view().checkpoints(run.runId()).stream())
                // Weights in a folder are not in the record.
                .filter(one -> !one.event().weights().format().equals(Weights.FOLDER))
                .toList();
        for (int done = 0; done < all.size(); done++) {
            watcher.at("checking weights", done, all.size());
            RecordView.StoredCheckpoint one = all.get(done);
            Optional<String> mistake = mistake(record, one.event());
            if (mistake.isPresent() && !one.headers().containsKey(RecordHeaders.BLOB_TOPIC)) {
                withoutWeights++;
            } else {
                weights.count(mistake);
            }
        }
        watcher.at("checking weights", all.size(), all.size());
    }

    private Optional<String> mistake(StoredRecord record, Event.CheckpointPublished checkpoint) {
        String what = "run " + checkpoint.runId() + " at step " + checkpoint.step() + ": ";
        try {
            return switch (record.checkpoints().look(checkpoint.runId(), checkpoint.step())) {
                case BlobRead.Found found -> {
                    bytes += found.bytes().length;
                    yield Optional.empty();
                }
                case BlobRead.Gone gone -> Optional.of(what + withoutStop(gone.reason()));
                case BlobRead.Refused refused -> Optional.of(what + withoutStop(refused.reason()));
            };
        } catch (UnprocessableWork unknown) {
            return Optional.of(what + withoutStop(String.valueOf(unknown.getMessage())));
        }
    }

    private static String withoutStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}

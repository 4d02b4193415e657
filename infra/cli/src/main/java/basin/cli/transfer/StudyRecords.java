package basin.cli.transfer;

import basin.log.LogRecord;
import basin.log.LogScan;
import basin.log.deadletter.DeadLetter;
import basin.record.Event;
import basin.record.MalformedEventException;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.record.work.WorkItem;
import basin.study.StartSpec;
import basin.study.StudySpec;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Distinguishes the records of one study from all others. Confined to one thread. */
final class StudyRecords {
    private final String studyId;
    private final StudySpec spec;
    private final Set<String> runs = new HashSet<>();
    private final Set<String> deadLetters = new HashSet<>();

    StudyRecords(String studyId, StudySpec spec) {
        this.studyId = studyId;
        this.spec = spec;
    }

    /**
     * Finds the study with that id, or the only one with that name.
     *
     * @throws basin.study.Refusal if there is no such study, or several have the name
     */
    static StudyRecords find(LogScan scan, String idOrName) {
        Map<String, StudySpec> known = new LinkedHashMap<>();
        scan.read(Topic.STUDY.topicName(), record -> {
            if (record.event().orElse(null) instanceof Event.StudySubmitted submitted) {
                known.put(submitted.studyId(), submitted.study());
            }
        });
        var found = KnownStudies.find(
                known.entrySet(),
                Map.Entry::getKey,
                study -> study.getValue().name(),
                idOrName,
                "name a record that holds one");
        return new StudyRecords(found.getKey(), found.getValue());
    }

    String studyId() {
        return studyId;
    }

    String name() {
        return spec.name();
    }

    /**
     * Returns whether the record belongs to the study. Records of runs must be passed before
     * records that are keyed by run.
     */
    boolean hold(Topic topic, LogRecord record) {
        return switch (topic) {
            case WEIGHTS -> holdsChunk(record.key());
            case DEAD_LETTER -> holdsDeadLetter(record);
            // A record that cannot be decoded is exported as a dead letter.
            default -> record.event().filter(this::hold).isPresent();
        };
    }

    boolean holdsChunk(String key) {
        String[] parts = key.split("/", -1);
        return runs.contains(parts[0]) || (parts.length == 2 && isSource(parts[0], parts[1]));
    }

    /**
     * Returns whether runs of the study start from that checkpoint; without it they could not be
     * trained again.
     */
    private boolean isSource(String runId, String step) {
        return starts().anyMatch(start ->
                start.run().equals(runId) && String.valueOf(start.step()).equals(step));
    }

    private Stream<StartSpec> starts() {
        return spec.startFrom().stream().flatMap(List::stream);
    }

    /** Returns whether the event belongs to the study, like {@link #hold(Topic, LogRecord)}. */
    boolean hold(Event event) {
        return switch (event) {
            case Event.StudySubmitted submitted -> submitted.studyId().equals(studyId);
            case Event.StudyControlled controlled -> controlled.studyId().equals(studyId);
            case Event.RunDeclared declared -> {
                boolean ours = declared.studyId().equals(studyId);
                if (ours) {
                    runs.add(declared.runId());
                }
                yield ours || starts().anyMatch(start -> start.run().equals(declared.runId()));
            }
            case Event.CheckpointPublished checkpoint ->
                runs.contains(checkpoint.runId()) || isSource(checkpoint.runId(), String.valueOf(checkpoint.step()));
            // Another study may have requested other measurements of the same checkpoint.
            case Event.EstimatorResult result ->
                runs.contains(result.runId())
                        && spec.flatness().contains(result.requested())
                        && spec.platform().equals(result.platform());
            case Event.DownstreamMeasured downstream ->
                runs.contains(downstream.runId())
                        && spec.tasks().contains(downstream.task())
                        && spec.protocols().contains(downstream.protocol())
                        && spec.platform().equals(downstream.platform());
            case Event.RunEvent other -> runs.contains(other.runId());
            case Event.Derived _ -> false;
        };
    }

    private boolean holdsDeadLetter(LogRecord record) {
        Optional<DeadLetter> deadLetter = DeadLetter.of(record);
        if (deadLetter.isEmpty()) {
            return record.header(RecordHeaders.REDRIVEN_LETTER)
                    .filter(deadLetters::contains)
                    .isPresent();
        }
        boolean ours =
                record.header(RecordHeaders.STUDY).filter(studyId::equals).isPresent()
                        || record.key().equals(studyId)
                        || runs.contains(record.key())
                        || (deadLetter.get().isWork() && wants(record.value()));
        if (ours) {
            deadLetters.add(deadLetter.get().id());
        }
        return ours;
    }

    private boolean wants(byte[] workItem) {
        try {
            WorkItem item = WorkItem.decode(workItem);
            return item.studyId().equals(studyId)
                    || item.run().filter(runs::contains).isPresent();
        } catch (MalformedEventException unreadable) {
            return false;
        }
    }
}

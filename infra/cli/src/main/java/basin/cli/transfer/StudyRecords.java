package basin.cli.transfer;

import basin.log.LogRecord;
import basin.log.LogScan;
import basin.log.deadletter.DeadLetter;
import basin.record.Event;
import basin.record.EventCodec;
import basin.record.MalformedEventException;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.record.work.WorkItem;
import basin.study.Refusal;
import basin.study.StudySpec;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells the records of one study from all others. Of one thread. */
final class StudyRecords {
    private final String studyId;
    private final StudySpec spec;
    private final Set<String> runs = new HashSet<>();
    private final Set<String> deadLetters = new HashSet<>();

    private StudyRecords(String studyId, StudySpec spec) {
        this.studyId = studyId;
        this.spec = spec;
    }

    /** The study of that id, or the only one of that name. */
    static StudyRecords find(LogScan scan, String idOrName) {
        Map<String, StudySpec> known = new LinkedHashMap<>();
        scan.read(Topic.STUDY.topicName(), record -> {
            if (event(record.value()).orElse(null) instanceof Event.StudySubmitted submitted) {
                known.put(submitted.studyId(), submitted.study());
            }
        });
        var meant = known.entrySet().stream()
                .filter(study -> study.getKey().equals(idOrName)
                        || study.getValue().name().equals(idOrName))
                .toList();
        if (meant.size() != 1) {
            String ids = String.join(", ", known.keySet());
            throw new Refusal(
                    meant.isEmpty()
                            ? "There is no study '" + idOrName + "' on record: "
                                    + (ids.isEmpty() ? "name a record that holds one" : "give one of " + ids) + "."
                            : "Several studies are called '" + idOrName + "': give one of "
                                    + String.join(
                                            ", ",
                                            meant.stream()
                                                    .map(Map.Entry::getKey)
                                                    .toList())
                                    + ".");
        }
        return of(meant.getFirst().getKey(), meant.getFirst().getValue());
    }

    static StudyRecords of(String studyId, StudySpec spec) {
        return new StudyRecords(studyId, spec);
    }

    String studyId() {
        return studyId;
    }

    String name() {
        return spec.name();
    }

    /** The event in these bytes, where this program can read it. */
    static Optional<Event> event(byte[] value) {
        try {
            return Optional.of(EventCodec.decode(value));
        } catch (MalformedEventException unreadable) {
            return Optional.empty();
        }
    }

    /** Whether the record is one of the study's. The runs' topic is to be asked before those that are keyed by run. */
    boolean hold(Topic topic, LogRecord record) {
        return switch (topic) {
            case WEIGHTS -> holdsChunk(record.key());
            case DEAD_LETTER -> holdsDeadLetter(record);
            // What cannot be read is a dead letter, and travels as such.
            default -> event(record.value()).filter(this::hold).isPresent();
        };
    }

    boolean holdsChunk(String key) {
        String[] parts = key.split("/", -1);
        return runs.contains(parts[0]) || (parts.length == 2 && isSource(parts[0], parts[1]));
    }

    /** Whether runs of the study start from that checkpoint: without it nobody could train them again. */
    private boolean isSource(String runId, String step) {
        return spec.startFrom().stream()
                .flatMap(List::stream)
                .anyMatch(start -> start.run().equals(runId)
                        && String.valueOf(start.step()).equals(step));
    }

    /** As {@link #hold(Topic, LogRecord)}, of an event. */
    boolean hold(Event event) {
        return switch (event) {
            case Event.StudySubmitted submitted -> submitted.studyId().equals(studyId);
            case Event.StudyControlled controlled -> controlled.studyId().equals(studyId);
            case Event.RunDeclared declared -> {
                boolean ours = declared.studyId().equals(studyId);
                if (ours) {
                    runs.add(declared.runId());
                }
                yield ours
                        || spec.startFrom().stream()
                                .flatMap(List::stream)
                                .anyMatch(start -> start.run().equals(declared.runId()));
            }
            case Event.RunFinished finished -> runs.contains(finished.runId());
            case Event.RunFailed failed -> runs.contains(failed.runId());
            case Event.LossMeasured loss -> runs.contains(loss.runId());
            case Event.CheckpointPublished checkpoint ->
                runs.contains(checkpoint.runId()) || isSource(checkpoint.runId(), String.valueOf(checkpoint.step()));
            // Another study may have had the same checkpoint measured otherwise.
            case Event.FlatnessMeasured flatness ->
                runs.contains(flatness.runId())
                        && spec.flatness().contains(flatness.asked())
                        && spec.platform().equals(flatness.platform());
            case Event.LayersMeasured layers ->
                runs.contains(layers.runId())
                        && spec.flatness().contains(layers.asked())
                        && spec.platform().equals(layers.platform());
            case Event.SpectrumMeasured spectrum ->
                runs.contains(spectrum.runId())
                        && spec.flatness().contains(spectrum.asked())
                        && spec.platform().equals(spectrum.platform());
            case Event.DownstreamMeasured downstream ->
                runs.contains(downstream.runId())
                        && spec.tasks().contains(downstream.task())
                        && spec.protocols().contains(downstream.protocol())
                        && spec.platform().equals(downstream.platform());
            case Event.CorrelationComputed ignored -> false;
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
                        || (deadLetter.get().isWork()
                                && item(record.value()).filter(this::wants).isPresent());
        if (ours) {
            deadLetters.add(deadLetter.get().id());
        }
        return ours;
    }

    private static Optional<WorkItem> item(byte[] value) {
        try {
            return Optional.of(WorkItem.decode(value));
        } catch (MalformedEventException unreadable) {
            return Optional.empty();
        }
    }

    private boolean wants(WorkItem item) {
        return item.studyId().equals(studyId)
                || switch (item) {
                    case WorkItem.Expand ignored -> false;
                    case WorkItem.Segment segment -> runs.contains(segment.runId());
                    case WorkItem.Probe probe -> runs.contains(probe.runId());
                    case WorkItem.Evaluate evaluate -> runs.contains(evaluate.runId());
                };
    }
}

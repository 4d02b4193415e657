package basin.aggregator;

import basin.aggregator.fold.Completeness;
import basin.aggregator.fold.Fold;
import basin.aggregator.fold.RunState;
import basin.aggregator.fold.StudyState;
import basin.aggregator.view.Views;
import basin.log.KafkaEndpoint;
import basin.log.LogRecord;
import basin.log.LogTail;
import basin.log.deadletter.OpenDeadLetters;
import basin.record.Event;
import basin.record.MalformedEventException;
import basin.record.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Where all studies stand by the record, for whoever asks once and has no aggregator at hand: the same fold, without its analysis. */
public final class StudiesOnRecord {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Fold fold = new Fold();
    private final OpenDeadLetters deadLetters = new OpenDeadLetters();

    private StudiesOnRecord() {}

    /**
     * A study.
     *
     * @param state in the words of the page
     * @param control sequence number of the newest that was asked for, 0 where nothing was
     * @param runs of its grid
     * @param ended of these, finished or failed
     * @param measurements measurements wanted of the checkpoints so far
     * @param done of these, done
     * @param givenUp runs and measurements that were given up
     */
    public record Study(
            String studyId,
            String name,
            String state,
            int control,
            int runs,
            int ended,
            int measurements,
            int done,
            int givenUp,
            List<Run> each) {
        public Study {
            each = List.copyOf(each);
        }
    }

    /** A declared run, and how far it is. */
    public record Run(String runId, String label, String state, int step, int steps, int checkpoints) {}

    /** Reads the record to its present end and returns its studies, in the order of their ids. */
    public static List<Study> read(KafkaEndpoint endpoint) throws InterruptedException, TimeoutException {
        StudiesOnRecord known = new StudiesOnRecord();
        List<String> topics = Stream.concat(Topic.folded().stream(), Stream.of(Topic.DEAD_LETTER))
                .map(Topic::topicName)
                .toList();
        try (LogTail tail = LogTail.start(endpoint, "status", topics, known::take)) {
            tail.awaitCaughtUp(LIMIT);
        }
        return known.fold.studies().stream()
                .flatMap(id -> known.fold.study(id).stream())
                .map(study -> study(study, known.deadLetters.givenUp()))
                .toList();
    }

    private void take(LogRecord record) {
        if (record.topic().equals(Topic.DEAD_LETTER.topicName())) {
            deadLetters.take(record);
            return;
        }
        try {
            Fold.Outcome _ = fold.add(Fold.decode(record.value()));
        } catch (MalformedEventException poison) {
            // The aggregator dead-letters it; a question about studies is none about this record.
        }
    }

    static Study study(StudyState study, Set<String> givenUp) {
        Completeness all = study.completeness(givenUp);
        return new Study(
                study.studyId(),
                study.spec().name(),
                Views.state(study, all),
                study.control().map(Event.StudyControlled::sequence).orElse(0),
                all.runs(),
                all.ended(),
                all.measurements(),
                all.done(),
                all.givenUp() + all.stuck(),
                study.runs().stream().map(StudiesOnRecord::run).toList());
    }

    private static Run run(RunState run) {
        String state = run.failed().isPresent()
                ? "failed"
                : run.finished().isPresent() ? "done" : run.step() > 0 ? "running" : "declared";
        return new Run(
                run.declared().runId(),
                run.declared().label(),
                state,
                run.step(),
                run.declared().spec().training().steps(),
                run.checkpoints().size());
    }
}

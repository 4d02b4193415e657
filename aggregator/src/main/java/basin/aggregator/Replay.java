package basin.aggregator;

import basin.aggregator.analysis.Choice;
import basin.aggregator.analysis.MeasureRanking;
import basin.aggregator.analysis.MeasureRankings;
import basin.aggregator.analysis.ModelSelection;
import basin.aggregator.analysis.Reanalysis;
import basin.aggregator.fold.Fold;
import basin.aggregator.fold.StudyState;
import basin.aggregator.report.Answer;
import basin.aggregator.view.Views;
import basin.log.LogRecord;
import basin.log.LogScan;
import basin.log.LogSource;
import basin.log.deadletter.OpenDeadLetters;
import basin.record.Event;
import basin.record.MalformedEventException;
import basin.record.Topic;
import basin.study.ProtocolSpec;
import basin.study.Quantity;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import basin.study.StudySpec;
import basin.study.TaskSpec;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One reading of the record, from its beginning to its present end. It answers any question by the
 * same fold and analysis as the live aggregator. Not thread-safe.
 */
public final class Replay {
    /** Names of the folded topics and of the dead-letter topic. */
    static final List<String> TOPICS = Stream.concat(Topic.folded().stream(), Stream.of(Topic.DEAD_LETTER))
            .map(Topic::topicName)
            .toList();

    private final Optional<QuestionSpec.TimeRange> range;
    private final boolean timed;
    private final Fold fold = new Fold();
    private final OpenDeadLetters deadLetters = new OpenDeadLetters();
    private final Map<String, Long> times = new HashMap<>();

    private Replay(Optional<QuestionSpec.TimeRange> range, boolean timed) {
        this.range = range;
        this.timed = timed;
    }

    /**
     * A checkpoint that a question includes.
     *
     * @param step number of optimiser steps
     */
    public record Checkpoint(String runId, int step) {}

    /**
     * Reads the record.
     *
     * @param range event times of the records to include; studies, their controls and declarations
     *     of runs are always included
     * @param watcher receives the progress
     */
    public static Replay read(LogSource log, Optional<QuestionSpec.TimeRange> range, LogScan.Watcher watcher) {
        Replay replay = new Replay(range, true);
        replay.read(log, "replay", watcher);
        return replay;
    }

    /**
     * Reads the whole record without the times of events, which take much memory and are needed
     * only in answers.
     */
    static Replay untimed(LogSource log) {
        Replay replay = new Replay(Optional.empty(), false);
        replay.read(log, "status", (read, all) -> {});
        return replay;
    }

    private void read(LogSource log, String name, LogScan.Watcher watcher) {
        try (LogScan scan = log.scan(name)) {
            LogScan.Extent extent = scan.extent(TOPICS.stream()
                    .flatMap(topic -> scan.partitions(topic).stream())
                    .toList());
            scan.read(extent, this::take, watcher);
            // Also of a record without events.
            watcher.at(extent.length(), extent.length());
        }
    }

    private void take(LogRecord record) {
        if (record.topic().equals(Topic.DEAD_LETTER.topicName())) {
            deadLetters.take(record);
        } else {
            fold(record);
        }
    }

    private void fold(LogRecord record) {
        try {
            Event event = Fold.foldable(record.decode());
            boolean enters = event instanceof Event.StudySubmitted
                    || event instanceof Event.StudyControlled
                    || event instanceof Event.RunDeclared
                    || range.map(own -> own.holds(record.timestampMillis())).orElse(true);
            if (enters) {
                Fold.Outcome _ = fold.add(event);
                if (timed) {
                    times.merge(event.id(), record.timestampMillis(), Math::min);
                }
            }
        } catch (MalformedEventException poison) {
            // The aggregator dead-letters this record; no answer includes it.
        }
    }

    /** Returns the studies on record, by id. */
    public List<StudiesOnRecord.Study> studies() {
        return fold.studies().stream()
                .flatMap(id -> fold.study(id).stream())
                .map(study -> StudiesOnRecord.study(study, deadLetters.givenUp()))
                .toList();
    }

    /** Returns the study's spec. */
    public StudySpec spec(String studyId) {
        return known(fold.study(studyId).map(StudyState::spec), studyId);
    }

    /**
     * Returns the checkpoints that a question includes, by run in the order of the grid and then by
     * step.
     */
    public List<Checkpoint> checkpoints(String studyId, QuestionSpec question) {
        return known(Reanalysis.state(fold, studyId, question), studyId).runs().stream()
                .flatMap(run -> run.checkpoints().stream()
                        .map(checkpoint -> new Checkpoint(
                                run.declared().runId(), checkpoint.published().step())))
                .toList();
    }

    /** Adds measurements that are not on record, for later answers. */
    public void add(Collection<? extends Event> measured) {
        measured.forEach(event -> {
            Fold.Outcome _ = fold.add(event);
        });
    }

    /**
     * Returns the study's answer to a question.
     *
     * @throws basin.study.Refusal if the question names something that the study does not have
     */
    public Answer answer(String studyId, QuestionSpec question) {
        Reanalysis requested = known(Reanalysis.of(fold, studyId, question, deadLetters.givenUp()), studyId);
        return new Answer(Views.of(requested, question), requested, times);
    }

    /**
     * Returns the cost of choosing one of the study's runs at equal loss.
     *
     * @param level loss, nats; if empty, the study's level that most runs reach
     * @param task if empty, the study's first
     * @param protocol if empty, the study's first
     * @throws Refusal if the study has no such task or protocol, or no runs to choose among
     */
    public ModelSelection pick(
            String studyId,
            QuestionSpec question,
            Optional<Double> level,
            Optional<String> task,
            Optional<String> protocol,
            Quantity measure) {
        StudyState state = known(Reanalysis.state(fold, studyId, question), studyId);
        return ModelSelection.of(state, task(state, task), protocol(state, protocol), level, measure);
    }

    /**
     * Returns the ranking of the study's measures.
     *
     * @param level excess loss, nats; if empty, the study's level that most runs reach
     * @param task if empty, the study's first
     * @param protocol if empty, the study's first
     * @param within properties that runs of a stratum have in common; if empty, the usual ones
     * @throws Refusal if the study has no such task or protocol, or compares no runs at equal loss
     */
    public MeasureRanking ranking(
            String studyId,
            QuestionSpec question,
            Optional<Double> level,
            Optional<String> task,
            Optional<String> protocol,
            Optional<List<String>> within) {
        StudyState state = known(Reanalysis.state(fold, studyId, question), studyId);
        String ofTask = task(state, task);
        String byProtocol = protocol(state, protocol);
        List<MeasureRanking> own = Reanalysis.rankings(state, question).stream()
                .filter(one -> one.task().equals(ofTask) && one.protocol().equals(byProtocol))
                .toList();
        double at = level.or(() -> own.stream()
                        .max(Comparator.comparingInt(MeasureRanking::runs).thenComparingDouble(one -> -one.level()))
                        .map(MeasureRanking::level))
                .orElseThrow(() -> new Refusal("--level is not given, and the study compares no runs at equal"
                        + " loss: give an excess loss in nats."));
        return own.stream()
                .filter(one ->
                        one.level() == at && within.map(one.within()::equals).orElse(true))
                .findFirst()
                .orElseGet(() -> MeasureRankings.of(
                        state,
                        own.isEmpty() || own.getFirst().provisional(),
                        Choice.of(question),
                        ofTask,
                        byProtocol,
                        at,
                        within.orElseGet(() -> question.within()
                                .map(List::getFirst)
                                .orElseGet(() -> MeasureRankings.usualStrata(state)))));
    }

    private static String task(StudyState study, Optional<String> name) {
        return named(
                "--task",
                name,
                study.spec().tasks().stream().map(TaskSpec::name).toList());
    }

    private static String protocol(StudyState study, Optional<String> name) {
        return named(
                "--protocol",
                name,
                study.spec().protocols().stream().map(ProtocolSpec::name).toList());
    }

    private static String named(String option, Optional<String> name, List<String> names) {
        if (names.isEmpty()) {
            throw new Refusal("The study evaluates nothing: there is no accuracy to choose for.");
        }
        if (name.isPresent() && !names.contains(name.get())) {
            throw new Refusal(option + " is '" + name.get() + "': give one of " + String.join(", ", names) + ".");
        }
        return name.orElse(names.getFirst());
    }

    private static <T> T known(Optional<T> found, String studyId) {
        return found.orElseThrow(() -> new Refusal("There is no study '" + studyId + "' in the record."));
    }
}

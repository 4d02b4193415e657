package basin.trainer;

import basin.language.study.Networks;
import basin.log.LogRecord;
import basin.log.LogScan;
import basin.log.LogSource;
import basin.log.work.UnprocessableWork;
import basin.network.NetworkShape;
import basin.network.Weights;
import basin.network.engine.NumericProfile;
import basin.record.Event;
import basin.record.EventCodec;
import basin.record.MalformedEventException;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.service.RecordView.StoredCheckpoint;
import basin.service.StoredRecord;
import basin.study.Program;
import basin.study.Refusal;
import basin.study.Sha256;
import basin.trainer.training.DivergedException;
import basin.trainer.training.PreTraining;
import basin.trainer.training.TrainingState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A repeated training of a recorded run, with the trainer's own code. It compares every loss and
 * every checkpoint with the record and writes nothing.
 */
public final class Reproduction {
    private final StoredRecord record;
    private final Event.RunDeclared run;
    private final List<StoredCheckpoint> checkpoints;
    private final Recorded recorded;
    private final PreTraining training = new PreTraining();
    private final List<Difference> differences = new ArrayList<>();
    private int reached = -1;
    private int compared;
    private int lossesCompared;

    private Reproduction(
            StoredRecord record, Event.RunDeclared run, List<StoredCheckpoint> checkpoints, Recorded recorded) {
        this.record = record;
        this.run = run;
        this.checkpoints = checkpoints;
        this.recorded = recorded;
    }

    /** A listener for the progress of training. */
    @FunctionalInterface
    public interface Progress {
        /** Called after {@code step} of {@code steps} steps. */
        void at(int step, int steps);
    }

    /**
     * A deviation from the record.
     *
     * @param step optimiser steps taken
     * @param what description of the deviation and its size, in words
     */
    public record Difference(int step, String what) {}

    /**
     * The outcome of a reproduction.
     *
     * @param label human-readable label of the run
     * @param steps number of repeated steps
     * @param losses number of compared losses
     * @param checkpoints number of compared checkpoints
     * @param differences deviations in the order of their steps; empty if everything is bitwise
     *     identical
     * @param profile numeric profile of this process
     * @param recorded numeric profiles of the processes that trained the run, as far as the record
     *     has them
     */
    public record Result(
            String label,
            int steps,
            int losses,
            int checkpoints,
            List<Difference> differences,
            String profile,
            List<String> recorded) {
        public Result {
            differences = List.copyOf(differences);
            recorded = List.copyOf(recorded);
        }

        /** Returns whether every loss and every checkpoint is bitwise identical. */
        public boolean identical() {
            return differences.isEmpty();
        }
    }

    /**
     * Trains the run again as far as the record goes. Uses the calling thread, which must be a
     * platform thread.
     *
     * @throws Refusal if the record has no such run or no checkpoint of it; one sentence
     */
    public static Result of(LogSource log, String runId, Progress progress) throws InterruptedException {
        try (StoredRecord record = StoredRecord.read(log);
                LogScan scan = log.scan("reproduce")) {
            Event.RunDeclared run = record.view()
                    .run(runId)
                    .orElseThrow(() -> new Refusal("There is no run '" + runId
                            + "' in the record: give the id of one, as " + Program.NAME + " status STUDY lists them."));
            Recorded recorded = new Recorded(runId);
            scan.read(Topic.RUN.topicName(), recorded::take);
            scan.read(Topic.LOSS.topicName(), recorded::take);
            List<StoredCheckpoint> checkpoints = record.view().checkpoints(runId);
            if (checkpoints.isEmpty() && recorded.failed.isEmpty()) {
                throw new Refusal("Run " + runId
                        + " has no recorded checkpoint yet: wait for one, because there is nothing to compare with.");
            }
            Reproduction again = new Reproduction(record, run, checkpoints, recorded);
            int steps = again.train(progress);
            return new Result(
                    run.label(),
                    steps,
                    again.lossesCompared,
                    again.compared,
                    again.differences,
                    NumericProfile.here(),
                    checkpoints.stream()
                            .flatMap(one -> Optional.ofNullable(one.headers().get(RecordHeaders.PROFILE)).stream())
                            .distinct()
                            .sorted()
                            .toList());
        }
    }

    private TrainingState beginning() {
        try {
            return new InitialStates(record.view(), record.checkpoints(), training).of(run.spec());
        } catch (UnprocessableWork notThere) {
            throw new Refusal(String.valueOf(notThere.getMessage()), notThere);
        }
    }

    /** The recorded losses and the recorded failure of one run. */
    private static final class Recorded {
        private final String runId;
        private final Map<String, Event.LossMeasured> losses = new TreeMap<>();
        private Optional<Event.RunFailed> failed = Optional.empty();

        Recorded(String runId) {
            this.runId = runId;
        }

        void take(LogRecord record) {
            if (!record.key().equals(runId)) {
                return;
            }
            try {
                switch (record.decode()) {
                    case Event.LossMeasured loss -> losses.merge(loss.id(), loss, Recorded::standing);
                    case Event.RunFailed failure -> failed = Optional.of(failure);
                    default -> {}
                }
            } catch (MalformedEventException poison) {
                // The aggregator dead-letters it; there is nothing to compare.
            }
        }

        /** Returns the smaller of two contents of one event, as the fold does. */
        private static Event.LossMeasured standing(Event.LossMeasured one, Event.LossMeasured other) {
            return Arrays.compareUnsigned(EventCodec.encode(one), EventCodec.encode(other)) <= 0 ? one : other;
        }
    }

    private int train(Progress progress) throws InterruptedException {
        Optional<Event.RunFailed> failed = recorded.failed;
        TrainingState state = beginning();
        int until = failed.map(Event.RunFailed::step)
                .orElse(
                        checkpoints.isEmpty()
                                ? 0
                                : checkpoints.getLast().event().step());
        List<Event.LossMeasured> fresh = new ArrayList<>();
        try {
            while (state.segment() < checkpoints.size() || failed.isPresent()) {
                PreTraining.Advance advance = training.advance(run.runId(), run.spec(), state, loss -> {
                    fresh.add(loss);
                    progress.at(Math.min(loss.step(), until), until);
                });
                state = advance.state();
                compare(state, advance, fresh);
                fresh.clear();
                if (state.step() >= run.spec().training().steps()) {
                    break;
                }
            }
            failed.ifPresent(
                    before -> differ(before.step(), "the run failed at step " + before.step() + ", and not this time"));
        } catch (DivergedException diverged) {
            diverged(diverged, fresh);
        }
        progress.at(until, until);
        return Math.max(state.step(), until);
    }

    private void differ(int step, String what) {
        differences.add(new Difference(step, what));
    }

    private void diverged(DivergedException diverged, List<Event.LossMeasured> fresh) {
        int step = diverged.lastGoodStep();
        losses(reached + 1, step, fresh);
        String before =
                recorded.failed.map(failure -> "after step " + failure.step()).orElse("it goes on");
        if (!before.equals("after step " + step)) {
            differ(step, "the loss is no longer a number after it; in the record " + before);
        }
    }

    private void compare(TrainingState state, PreTraining.Advance advance, List<Event.LossMeasured> fresh) {
        int segment = state.segment() - 1;
        losses(reached + 1, state.step(), fresh);
        reached = state.step();
        Optional<Event.CheckpointPublished> stored = checkpoints.stream()
                .map(StoredCheckpoint::event)
                .filter(one -> one.ordinal() == segment)
                .findFirst();
        if (stored.isEmpty()) {
            differ(state.step(), "a checkpoint here, and none in the record");
            return;
        }
        compared++;
        Event.CheckpointPublished published = stored.get();
        if (published.step() != state.step()) {
            differ(
                    state.step(),
                    "checkpoint " + segment + " is at this step, in the record at step " + published.step());
            return;
        }
        if (!published.triggers().equals(advance.triggers())) {
            differ(
                    state.step(),
                    "the checkpoint's reasons are " + advance.triggers() + ", in the record " + published.triggers());
        }
        String sha256 = Sha256.hex(advance.weights());
        String before = published.weights().sha256();
        if (!sha256.equals(before)) {
            differ(
                    state.step(),
                    "the weights' SHA-256 is " + sha256 + ", in the record " + before + "; "
                            + distance(state.step(), advance.weights()));
        }
    }

    /** Describes the distance of the weights from the recorded ones, if these are still stored. */
    private String distance(int step, byte[] weights) {
        try {
            NetworkShape shape = Networks.shape(run.spec());
            float[] before = Weights.decode(shape, record.checkpoints().read(run.runId(), step));
            float[] now = Weights.decode(shape, weights);
            double max = 0;
            double squares = 0;
            double norm = 0;
            for (int i = 0; i < now.length; i++) {
                double difference = (double) now[i] - before[i];
                max = Math.max(max, Math.abs(difference));
                squares += difference * difference;
                norm += (double) before[i] * before[i];
            }
            return String.format(
                    Locale.ROOT,
                    "largest difference of a weight %.3g, of all together %.3g of their norm",
                    max,
                    Math.sqrt(squares / norm));
        } catch (Refusal gone) {
            return "their distance is unknown: " + gone.getMessage();
        }
    }

    private void losses(int from, int to, List<Event.LossMeasured> fresh) {
        Map<String, Event.LossMeasured> before = new TreeMap<>(recorded.losses);
        before.values().removeIf(loss -> loss.step() < from || loss.step() > to);
        for (Event.LossMeasured now : fresh) {
            Event.LossMeasured then = before.remove(now.id());
            if (then == null) {
                differ(now.step(), kind(now) + " loss here, and none in the record");
                continue;
            }
            lossesCompared++;
            if (!now.equals(then)) {
                double apart = Math.abs(now.excess().value() - then.excess().value());
                differ(
                        now.step(),
                        String.format(
                                Locale.ROOT,
                                "%s excess loss %s, in the record %s: %.3g apart, %.3g standard errors",
                                kind(now),
                                now.excess().value(),
                                then.excess().value(),
                                apart,
                                apart / then.excess().standardError()));
            }
        }
        before.values().forEach(then -> differ(then.step(), kind(then) + " loss in the record, and none here"));
    }

    private static String kind(Event.LossMeasured loss) {
        return loss.full() ? "full" : "quick";
    }
}

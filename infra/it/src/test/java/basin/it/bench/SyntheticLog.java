package basin.it.bench;

import basin.record.Event;
import basin.record.Interval;
import basin.record.Measured;
import basin.record.Weights;
import basin.study.EstimatorSpec;
import basin.study.ProtocolSpec;
import basin.study.Quantity;
import basin.study.StudySpec;
import basin.study.TaskSpec;
import basin.study.Trigger;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** A generator of synthetic events, in the real format and in the proportions of a long study. */
final class SyntheticLog {
    /** Losses per run. */
    private static final int LOSSES = 1000;

    private static final int LOSSES_A_CHECKPOINT = 20;
    private static final int STEPS_A_LOSS = 10;
    private static final long PARAMETERS = 30_000;

    private final StudySpec study;
    private final SplittableRandom random;

    SyntheticLog(StudySpec study, long seed) {
        this.study = study;
        this.random = new SplittableRandom(seed);
    }

    /** Generates the wanted number of events, without the study's submission. */
    void make(long wanted, Consumer<Event> taker) {
        long[] made = {0};
        Consumer<Event> counted = event -> {
            if (made[0] < wanted) {
                made[0]++;
                taker.accept(event);
            }
        };
        for (int run = 0; made[0] < wanted; run++) {
            run(String.format("%016x", run), counted);
        }
    }

    private void run(String runId, Consumer<Event> taker) {
        for (int i = 1; i <= LOSSES; i++) {
            int step = i * STEPS_A_LOSS;
            taker.accept(new Event.LossMeasured(
                    runId,
                    step,
                    1024L * step,
                    false,
                    1.3 + random.nextDouble(),
                    new Measured(random.nextDouble(), 0.01 * random.nextDouble()),
                    256,
                    101,
                    Optional.of(Measured.exact(1.3)),
                    10 + random.nextDouble(),
                    0.003));
            if (i % LOSSES_A_CHECKPOINT == 0) {
                checkpoint(runId, step, taker);
            }
        }
    }

    private void checkpoint(String runId, int step, Consumer<Event> taker) {
        taker.accept(new Event.CheckpointPublished(
                runId,
                step,
                step / (STEPS_A_LOSS * LOSSES_A_CHECKPOINT) - 1,
                List.of(new Trigger(Trigger.Kind.SCHEDULED, step)),
                new Measured(random.nextDouble(), 0.001),
                1.3 + random.nextDouble(),
                10 + random.nextDouble(),
                new Weights(4 * PARAMETERS, 1, String.format("%064x", random.nextLong() >>> 1), "safetensors")));
        for (EstimatorSpec estimator : study.flatness()) {
            for (Quantity quantity : estimator.quantities()) {
                double value = 300 * random.nextDouble();
                taker.accept(new Event.FlatnessMeasured(
                        runId,
                        step,
                        estimator,
                        study.platform(),
                        quantity,
                        new Measured(value, 3),
                        new Interval(value - 6, value + 6, 0.95),
                        Optional.of(20 + random.nextDouble()),
                        PARAMETERS,
                        1));
            }
        }
        for (ProtocolSpec protocol : study.protocols()) {
            for (TaskSpec task : study.tasks()) {
                List<Double> accuracies = random.ints(protocol.repetitions(), 0, 1001)
                        .mapToObj(right -> right / 1000.0)
                        .toList();
                double mean = accuracies.stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElseThrow();
                taker.accept(new Event.DownstreamMeasured(
                        runId,
                        step,
                        task,
                        protocol,
                        study.platform(),
                        accuracies,
                        new Measured(mean, 0.01 * random.nextDouble()),
                        0.4,
                        new Measured(0.5, 0.01),
                        Optional.of(Measured.exact(0.9)),
                        4,
                        0));
            }
        }
    }
}

package basin.trainer.training;

import basin.language.MaskedSentences;
import basin.language.SentenceSource;
import basin.language.study.Networks;
import basin.network.LanguageModel;
import basin.network.TokenBatch;
import basin.network.Weights;
import basin.network.engine.Devices;
import basin.record.Event;
import basin.record.Measured;
import basin.study.AlgorithmSpec;
import basin.study.Refusal;
import basin.study.RunSpec;
import basin.study.Seeds;
import basin.study.StartSpec;
import basin.study.Trigger;
import basin.study.ValidationSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.function.Consumer;

/**
 * Pre-training of runs from one checkpoint to the next. It is a pure function of specification and
 * state: every batch is drawn from the run's seed and the step, so that a resumed run is identical
 * to an uninterrupted one. Thread-safe; call on platform threads.
 */
public final class PreTraining {
    private final Preparation.Cache preparations = new Preparation.Cache();

    /**
     * A segment of training up to a checkpoint.
     *
     * @param state the state at the checkpoint, with the weights that are trained
     * @param triggers the reasons for the checkpoint
     * @param loss the full validation at the checkpoint
     * @param weights the published weights in safetensors format, to which loss and triggers refer;
     *     the average if the algorithm has one
     */
    @SuppressWarnings("ArrayRecordComponent") // Weights that are written once and dropped.
    public record Advance(TrainingState state, List<Trigger> triggers, Event.LossMeasured loss, byte[] weights) {
        public Advance {
            triggers = List.copyOf(triggers);
        }
    }

    /** Returns the state of the run before its first step, with its initial weights. */
    public TrainingState initial(RunSpec spec) {
        return TrainingState.initial(spec, spec.algorithm().isTrained() ? Networks.initial(spec) : new float[0]);
    }

    /**
     * Returns the number of words that a run sees in its first {@code steps} steps.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public long tokens(RunSpec spec, int steps) throws InterruptedException {
        if (!spec.algorithm().isTrained()) {
            return 0;
        }
        SentenceSource language = Networks.language(spec);
        long tokens = 0;
        for (int step = 1; step <= steps; step++) {
            for (int[] sentence : draw(language, spec, step).sentences()) {
                tokens += sentence.length;
            }
            stopIfAsked();
        }
        return tokens;
    }

    /**
     * Trains until the next checkpoint is due.
     *
     * @param losses receives every loss as it is measured
     * @throws DivergedException if the loss is no longer finite
     * @throws InterruptedException if the thread is interrupted; only this segment's work is lost
     * @throws Refusal if a lookup table is requested for a text
     */
    public Advance advance(String runId, RunSpec spec, TrainingState from, Consumer<Event.LossMeasured> losses)
            throws DivergedException, InterruptedException {
        Preparation preparation = preparations.of(spec);
        if (!spec.algorithm().isTrained()) {
            return table(runId, spec, preparation, losses);
        }
        LanguageModel model = Networks.model(spec);
        SortedSet<Integer> scheduled =
                spec.checkpoints().scheduledSteps(spec.training().steps());
        Progress progress = new Progress(runId, spec, preparation, model, from);
        try (Devices.Use _ = Devices.use(spec.platform().device());
                Stepper stepper = new Stepper(model, spec, preparation.language(), from)) {
            while (true) {
                int step = progress.step + 1;
                MaskedSentences batch = draw(preparation.language(), spec, step);
                double learningRate = LearningRate.at(spec, step);
                double loss =
                        stepper.step(step, learningRate, labelled(model, batch, preparation.language(), spec, step));
                if (!Double.isFinite(loss)) {
                    throw new DivergedException(step - 1);
                }
                progress.step = step;
                progress.learningRate = learningRate;
                for (int[] sentence : batch.sentences()) {
                    progress.tokens += sentence.length;
                }
                Optional<Advance> due = progress.checkpoint(stepper, scheduled.contains(step), losses);
                if (due.isPresent()) {
                    return due.get();
                }
                stopIfAsked();
            }
        }
    }

    /**
     * Returns the lookup table of exact conditionals. It is at the optimum, without training and
     * without weights.
     */
    private static Advance table(
            String runId, RunSpec spec, Preparation preparation, Consumer<Event.LossMeasured> losses) {
        int step = spec.training().steps();
        Measured optimum = preparation
                .optimum()
                .orElseThrow(() -> new Refusal("a lookup table has the conditionals of a language, and"
                        + " those of a text are unknown: leave it out."));
        Event.LossMeasured loss = new Event.LossMeasured(
                runId,
                step,
                0,
                true,
                optimum.value(),
                Measured.exact(0),
                spec.validation().sentences(),
                spec.validation().seed(),
                preparation.optimum(),
                0,
                0);
        losses.accept(loss);
        List<Trigger> triggers = new ArrayList<>();
        List<Double> targets = spec.checkpoints().excess();
        targets.forEach(target -> triggers.add(new Trigger(Trigger.Kind.EXCESS, target)));
        triggers.add(new Trigger(Trigger.Kind.LAST, step));
        TrainingState state = new TrainingState(step, 0, 1, targets, 0, new float[0], List.of(), new double[0]);
        return new Advance(state, triggers, loss, Weights.none());
    }

    private static void stopIfAsked() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("Training was asked to stop.");
        }
    }

    private static MaskedSentences draw(SentenceSource language, RunSpec spec, int step) {
        return language.masked(
                Seeds.generator(spec.seed(), stream(spec, "training-batch"), step),
                spec.training().batch());
    }

    /**
     * Returns the batch as network input. Label noise, if the algorithm has it, is drawn
     * independently of the batch.
     */
    private static TokenBatch labelled(
            LanguageModel model, MaskedSentences batch, SentenceSource language, RunSpec spec, int step) {
        TokenBatch plain = model.training(batch.sentences(), batch.positions());
        return spec.algorithm()
                .part(AlgorithmSpec.LabelNoise.class)
                .map(noise -> LabelNoise.in(
                        plain,
                        noise.probability(),
                        language.vocabularySize(),
                        Seeds.generator(spec.seed(), stream(spec, "label-noise"), step)))
                .orElse(plain);
    }

    /**
     * Returns the name of a run's random stream. Runs that start from the same checkpoint with the
     * same seed see the same sentences. These differ from those of the run that the checkpoint came
     * from, and from those of runs that start from other checkpoints.
     */
    private static String stream(RunSpec spec, String name) {
        return spec.start()
                .flatMap(StartSpec::weights)
                .map(hash -> name + "/" + hash)
                .orElse(name);
    }

    /** The progress of a run within a segment. */
    private static final class Progress {
        private final String runId;
        private final RunSpec spec;
        private final Preparation preparation;
        private final LanguageModel model;
        private final TrainingState from;
        private int step;
        private long tokens;
        private double learningRate;
        private double excess;

        Progress(String runId, RunSpec spec, Preparation preparation, LanguageModel model, TrainingState from) {
            this.runId = runId;
            this.spec = spec;
            this.preparation = preparation;
            this.model = model;
            this.from = from;
            this.step = from.step();
            this.tokens = from.tokens();
            this.excess = from.excess();
        }

        /**
         * Returns the number of steps between quick measurements. They cost as much as training, so
         * they are frequent only near a target.
         */
        private int stride() {
            int every = spec.validation().every();
            OptionalDouble next = spec.checkpoints().excess().stream()
                    .filter(target -> !from.reached().contains(target))
                    .mapToDouble(Double::doubleValue)
                    .max();
            if (next.isEmpty()) {
                return ValidationSpec.STRIDE_WITHOUT_TARGET * every;
            }
            return excess <= ValidationSpec.NEAR * next.getAsDouble() ? every : ValidationSpec.STRIDE_FAR * every;
        }

        /**
         * Returns the checkpoint that is due at this step, if any, by the schedule or because an
         * excess target was reached.
         */
        Optional<Advance> checkpoint(Stepper stepper, boolean scheduled, Consumer<Event.LossMeasured> losses)
                throws DivergedException {
            boolean quick = step % stride() == 0;
            if (!scheduled && !quick) {
                return Optional.empty();
            }
            float[] theta = stepper.published();
            if (!scheduled) {
                Event.LossMeasured glance = measure(theta, false);
                losses.accept(glance);
                excess = glance.excess().value();
                if (reached(glance.excess().value()).isEmpty()) {
                    return Optional.empty();
                }
            }
            Event.LossMeasured full = measure(theta, true);
            losses.accept(full);
            List<Double> targets = reached(full.excess().value());
            if (!scheduled && targets.isEmpty()) {
                return Optional.empty();
            }
            List<Trigger> triggers = new ArrayList<>();
            targets.forEach(target -> triggers.add(new Trigger(Trigger.Kind.EXCESS, target)));
            if (step == spec.training().steps()) {
                triggers.add(new Trigger(Trigger.Kind.LAST, step));
            } else if (scheduled) {
                triggers.add(new Trigger(Trigger.Kind.SCHEDULED, step));
            }
            List<Double> known = new ArrayList<>(from.reached());
            known.addAll(targets);
            TrainingState state = stepper.state(
                    tokens, from.segment() + 1, known, full.excess().value());
            return Optional.of(new Advance(state, triggers, full, Weights.encode(model.shape(), theta)));
        }

        /** Returns the targets at or above this excess that the run had not reached before. */
        private List<Double> reached(double excess) {
            return spec.checkpoints().excess().stream()
                    .filter(target -> excess <= target && !from.reached().contains(target))
                    .toList();
        }

        private Event.LossMeasured measure(float[] theta, boolean full) throws DivergedException {
            int sentences =
                    full ? spec.validation().sentences() : spec.validation().quickSentences();
            double norm = 0;
            for (float parameter : theta) {
                norm += (double) parameter * parameter;
            }
            Measured excess = ExcessLoss.measure(model, theta, preparation.validation(), sentences, step);
            return new Event.LossMeasured(
                    runId,
                    step,
                    tokens,
                    full,
                    preparation.optimum().map(Measured::value).orElse(0.0) + excess.value(),
                    excess,
                    sentences,
                    spec.validation().seed(),
                    preparation.optimum(),
                    Math.sqrt(norm),
                    learningRate);
        }
    }
}

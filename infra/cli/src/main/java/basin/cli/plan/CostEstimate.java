package basin.cli.plan;

import basin.language.study.Networks;
import basin.network.NetworkShape;
import basin.study.CheckpointChoice;
import basin.study.EstimatorSpec;
import basin.study.ProtocolSpec;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.ValidationSpec;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * An estimate of a study's cost, from operation counts and speeds that were measured on one core of
 * a common server. On other machines it is accurate to about a factor of two.
 *
 * @param runs number of runs
 * @param checkpoints upper bound on the checkpoints of all runs
 * @param tokens tokens seen in training, over all runs
 * @param bytes upper bound on the bytes on the topics
 * @param parts cost of each part of the study
 */
public record CostEstimate(int runs, int checkpoints, long tokens, long bytes, Map<Part, Work> parts) {
    /** A part of a study, for which its cost is estimated separately. */
    public enum Part {
        /** Optimiser steps. */
        TRAINING("training"),
        /**
         * Training sentences that a teacher generates; for other languages the cost is negligible.
         */
        SENTENCES("drawing sentences"),
        /** Losses, at every checkpoint and between them. */
        LOSSES("losses"),
        /** Exact conditionals of the language, for losses and for traces. */
        CONDITIONALS("exact conditionals"),
        /** Traces, sharpness and spectra. */
        FLATNESS("flatness"),
        /** Linear probes and fine-tuning. */
        DOWNSTREAM("downstream tasks");

        private final String title;

        Part(String title) {
            this.title = title;
        }

        /** Returns the part's name for display. */
        public String title() {
            return title;
        }
    }

    private static final double SECONDS_A_STEP = 0.0015;
    private static final double CLASSIFIER_SECONDS = 0.25;
    private static final long EVENT_BYTES = 2_000;
    private static final long BASE_BYTES = 50_000_000;

    public CostEstimate {
        parts = Map.copyOf(parts);
    }

    /**
     * Estimates the cost of a study.
     *
     * @param conditionalSeconds core seconds for the exact conditionals of one sentence of the
     *     study's language
     * @param sentenceSeconds core seconds for one training sentence
     */
    public static CostEstimate of(StudySpec study, double conditionalSeconds, double sentenceSeconds) {
        int checkpoints = 0;
        long tokens = 0;
        long bytes = BASE_BYTES;
        Map<Part, Work> parts = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            parts.put(part, Work.NONE);
        }
        int sentences = study.validation().sentences();
        // One process draws the validation set once, for all its runs.
        add(parts, Part.CONDITIONALS, new Work(0, sentences * conditionalSeconds));
        List<StudyPlan.PlannedRun> runs = StudyPlan.runs(study);
        for (StudyPlan.PlannedRun run : runs) {
            if (!run.spec().algorithm().isTrained()) {
                checkpoints++;
                add(
                        parts,
                        Part.DOWNSTREAM,
                        new Work(0, study.protocols().size() * study.tasks().size() * CLASSIFIER_SECONDS));
                continue;
            }
            NetworkShape shape = Networks.shape(run.spec());
            NetworkCost network = NetworkCost.of(shape);
            int steps = run.spec().training().steps();
            int batch = study.training().batch();
            int levels = run.spec().checkpoints().excess().size();
            int own = run.spec().checkpoints().scheduledSteps(steps).size() + levels;
            checkpoints += own;
            tokens += (long) batch * shape.maxLength() * steps;
            // The weights, and the state to resume from, which is three times as large and kept
            // until compaction.
            bytes += own * (4L * 4 * shape.parameterCount() + 40 * EVENT_BYTES);
            add(
                    parts,
                    Part.TRAINING,
                    new Work(run.spec().algorithm().gradientsAStep(batch) * batch * network.gradient(), SECONDS_A_STEP)
                            .times(steps));
            add(parts, Part.SENTENCES, new Work(0, (double) steps * batch * sentenceSeconds));
            double looks = (double) steps
                            / (ValidationSpec.STRIDE_FAR * study.validation().every())
                            * study.validation().quickSentences()
                    + (double) own * sentences;
            add(parts, Part.LOSSES, new Work(looks * network.forward(), 0));
            for (EstimatorSpec estimator : study.flatness()) {
                NetworkCost measured = estimator
                        .expandTo()
                        .map(into -> NetworkCost.of(Networks.encoder(run.spec(), into)))
                        .orElse(network);
                double examples = (double) own * estimator.pairs() * estimator.batch();
                add(
                        parts,
                        Part.FLATNESS,
                        new Work(
                                examples * estimator.gradientsAnExample() * measured.gradient(),
                                own * estimator.pairs() * SECONDS_A_STEP));
                add(parts, Part.CONDITIONALS, new Work(0, examples * conditionalSeconds));
            }
            for (ProtocolSpec protocol : study.protocols()) {
                // An upper bound: a loss may not be reached, or the last checkpoint may be one that
                // reached it.
                int chosen = protocol.on() == CheckpointChoice.ALL ? own : levels + 1;
                add(
                        parts,
                        Part.DOWNSTREAM,
                        evaluation(protocol, network)
                                .times((double) chosen * study.tasks().size()));
            }
        }
        return new CostEstimate(runs.size(), checkpoints, tokens, bytes, parts);
    }

    private static void add(Map<Part, Work> parts, Part part, Work work) {
        parts.merge(part, work, Work::plus);
    }

    private static Work evaluation(ProtocolSpec protocol, NetworkCost network) {
        Work testing = new Work(protocol.test() * network.forward(), 0);
        return switch (protocol) {
            case ProtocolSpec.LinearProbe probe ->
                testing.plus(new Work(probe.labels() * network.forward(), CLASSIFIER_SECONDS));
            case ProtocolSpec.Scores ignored -> Work.NONE;
            case ProtocolSpec.FineTune tuned ->
                testing.plus(new Work((double) tuned.labels() * tuned.epochs() * network.gradient(), 0))
                        .times(protocol.repetitions());
        };
    }

    /** Returns the cost of one part. */
    public Work of(Part part) {
        return parts.getOrDefault(part, Work.NONE);
    }

    /** Returns the cost of all parts together. */
    public Work work() {
        return parts.values().stream().reduce(Work.NONE, Work::plus);
    }

    /** Returns the expected time on the given number of cores. */
    public Duration on(int cores) {
        return work().on(Device.CORE).dividedBy(cores);
    }
}

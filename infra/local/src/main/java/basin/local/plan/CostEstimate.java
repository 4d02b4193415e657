package basin.local.plan;

import basin.events.spec.EstimatorSpec;
import basin.events.spec.ProtocolSpec;
import basin.events.spec.StudySpec;
import basin.events.spec.ValidationSpec;
import basin.events.work.StudyPlan;
import basin.lm.Networks;
import basin.lm.network.EncoderShape;
import java.time.Duration;

/**
 * What a study will take, before its first step: an estimate from operation counts and speeds that were measured on one core of
 * a common server, so good to about a factor of two elsewhere.
 *
 * @param runs runs
 * @param checkpoints at most so many over all runs
 * @param tokens words seen in training, all runs together
 * @param bytes on disk, at most
 * @param coreTime processor time of all pieces
 */
public record CostEstimate(int runs, int checkpoints, long tokens, long bytes, Duration coreTime) {
    private static final double SECONDS_A_STEP = 0.0015;
    private static final double OPERATIONS_A_SECOND = 12e9;
    private static final double OPERATIONS_A_PARAMETER_AND_TOKEN = 6;
    private static final double FORWARD_SHARE = 0.35;
    private static final double GRADIENTS_A_PAIR = 6;
    private static final long EVENT_BYTES = 2_000;
    private static final double CLASSIFIER_SECONDS = 0.25;

    /** Estimates a study. */
    public static CostEstimate of(StudySpec study) {
        int checkpoints = 0;
        long tokens = 0;
        long bytes = 50_000_000;
        double seconds = 0;
        for (StudyPlan.PlannedRun run : StudyPlan.runs(study)) {
            if (!run.spec().algorithm().isTrained()) {
                checkpoints++;
                seconds += study.protocols().size() * study.tasks().size() * CLASSIFIER_SECONDS;
                continue;
            }
            EncoderShape shape = Networks.shape(run.spec());
            int steps = run.spec().training().steps();
            int own = run.spec().checkpoints().scheduledSteps(steps).size()
                    + run.spec().checkpoints().excess().size();
            long parameters = shape.parameterCount();
            double tokenSeconds = OPERATIONS_A_PARAMETER_AND_TOKEN * parameters / OPERATIONS_A_SECOND;
            long stepTokens = (long) study.training().batch() * shape.longest();
            checkpoints += own;
            tokens += stepTokens * steps;
            // Weights, and the state to resume from, which is three times as large and kept until it is compacted.
            bytes += own * (4 * 4 * parameters + 40 * EVENT_BYTES);
            seconds += steps * (SECONDS_A_STEP + stepTokens * tokenSeconds);
            seconds += (double) steps
                    / (ValidationSpec.STRIDE_FAR * study.validation().every())
                    * study.validation().quickSentences()
                    * shape.longest()
                    * tokenSeconds
                    * FORWARD_SHARE;
            seconds += own * study.validation().sentences() * (double) shape.longest() * tokenSeconds * FORWARD_SHARE;
            for (EstimatorSpec estimator : study.flatness()) {
                seconds += own
                        * (double) estimator.pairs()
                        * (SECONDS_A_STEP + estimator.batch() * shape.longest() * tokenSeconds)
                        * GRADIENTS_A_PAIR;
            }
            for (ProtocolSpec protocol : study.protocols()) {
                seconds += own * study.tasks().size() * evaluation(protocol, shape, tokenSeconds);
            }
        }
        return new CostEstimate(
                StudyPlan.runs(study).size(),
                checkpoints,
                tokens,
                bytes,
                Duration.ofMillis(Math.round(1000 * seconds)));
    }

    private static double evaluation(ProtocolSpec protocol, EncoderShape shape, double tokenSeconds) {
        double testing = (double) protocol.test() * shape.longest() * tokenSeconds * FORWARD_SHARE;
        return switch (protocol) {
            case ProtocolSpec.LinearProbe probe -> testing + CLASSIFIER_SECONDS;
            case ProtocolSpec.Scores ignored -> 0;
            case ProtocolSpec.FineTune tuned ->
                protocol.repetitions()
                        * (testing + (double) tuned.labels() * tuned.epochs() * shape.longest() * tokenSeconds);
        };
    }

    /** Expected time on so many cores. */
    public Duration on(int cores) {
        return coreTime.dividedBy(cores);
    }
}

package basin.aggregator.view;

import basin.aggregator.analysis.ArmRow;
import basin.aggregator.analysis.MeasureRanking;
import basin.record.Eigenvalue;
import basin.record.Finding;
import basin.record.Interval;
import basin.record.LayerTraces;
import basin.record.Revision;
import basin.study.Against;
import basin.study.ClaimSpec;
import basin.study.Comparison;
import basin.study.CorrelationRow;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that is shown of a study at one revision: page, terminal, report and metrics read these numbers and make none of
 * their own. No wall clock enters it. Immutable.
 *
 * @param language the kind of its language
 * @param state {@code nothing}, {@code running}, {@code done}, {@code failed} (every run failed), {@code incomplete} (not all is
 *     there, and nothing more will come unless work that was given up is taken up again), {@code paused} or {@code cancelled}
 *     (somebody asked for it, and not all was there)
 * @param headline one sentence that answers, made from the numbers
 * @param more a second sentence: what is still to come, or what would tell
 * @param levels losses of the study's kind (nats) at which runs are compared, descending
 * @param band how far below its level a matched checkpoint may lie, nats
 * @param seed of permutations and resamples
 * @param confidence of the intervals of correlations and of differences between arms
 * @param pointConfidence of the interval of every {@link Estimate}
 * @param loss what the study's loss is called
 * @param optimum the language's optimal loss, nats; absent where it is unknown
 * @param arms differences of the study's ways of training from one of them, pair by pair; empty where there is only one
 * @param claim the one that the study registered; where there is none, all is exploratory
 * @param rows the claim's first, where it is judged
 * @param budgets protocols that differ in their number of labels alone
 * @param rankings every measure beside every other, one a task, protocol and level
 */
public record StudyView(
        String studyId,
        String name,
        String language,
        String state,
        Revision revision,
        String headline,
        String more,
        List<Double> levels,
        double band,
        long seed,
        double confidence,
        double pointConfidence,
        LossName loss,
        Optional<Estimate> optimum,
        List<Size> sizes,
        List<String> tasks,
        List<String> protocols,
        List<String> measures,
        Done done,
        List<Run> runs,
        List<RowView> rows,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ArmRow> arms,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Claim> claim,
        List<MeasureRanking> rankings,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Budget> budgets) {
    /** What stands in {@link RowView#registration()} of a row that is no registered claim. */
    public static final String EXPLORATORY = "exploratory";

    /** What stands there of the registered claim's row. */
    public static final String REGISTERED = "registered";

    /** The row that the headline speaks of. */
    public Optional<RowView> primary() {
        return rows.stream().filter(RowView::primary).findFirst();
    }

    /**
     * What the study's loss is called, in every sentence, table and figure.
     *
     * @param quantity such as "excess loss"
     * @param level the same where runs are compared, such as "excess"
     * @param estimator how the number comes about
     * @param aboveOptimum whether the optimum is known, so that 0 is the best there can be
     */
    public record LossName(String quantity, String level, String estimator, boolean aboveOptimum) {
        static LossName of(Against against) {
            return new LossName(against.quantity(), against.level(), against.estimator(), against == Against.OPTIMUM);
        }
    }

    /** Whether nothing more will come by itself: done, incomplete or failed. */
    public boolean ended() {
        return switch (state) {
            case "done", "incomplete", "failed", "cancelled" -> true;
            default -> false;
        };
    }

    /**
     * The claim that a study registered before its first run.
     *
     * @param registered as the study file says it
     * @param sha256 of its canonical JSON
     * @param statement in words
     * @param verdict {@code holds}, {@code contradicted}, {@code cannot be told}, {@code not judged yet} (runs or measurements are still
     *     to come), or {@code not asked here} (this is the answer to another question)
     * @param sentence statement, verdict and numbers
     */
    public record Claim(ClaimSpec registered, String sha256, String statement, String verdict, String sentence) {}

    /**
     * One protocol at several numbers of labels.
     *
     * @param name what the protocols' names have in common
     * @param points ascending by labels
     */
    public record Budget(String name, List<Labelled> points) {
        /** A protocol and its number of labelled training examples. */
        public record Labelled(String protocol, int labels) {}
    }

    /** A network's size. */
    public record Size(String name, int width, int layers) {}

    /**
     * How much is done.
     *
     * @param runs of the study's grid
     * @param ended of these, finished or failed
     * @param measurements measurements wanted of the checkpoints so far
     * @param measured of these, done
     */
    public record Done(int runs, int ended, int measurements, int measured) {}

    /**
     * A run.
     *
     * @param state {@code declared}, {@code running}, {@code done} or {@code failed}
     * @param reason why it failed; empty otherwise
     * @param losses over steps, thinned
     */
    public record Run(
            String runId,
            String label,
            String size,
            double learningRate,
            String algorithm,
            long seed,
            long parameters,
            String state,
            String reason,
            int step,
            int steps,
            long tokens,
            List<Loss> losses,
            List<Checkpoint> checkpoints) {}

    /**
     * A measured loss.
     *
     * @param excess nats above the optimum; the loss itself where that is unknown
     * @param sentences validation sentences
     * @param seed of these sentences
     */
    public record Loss(int step, Estimate excess, int sentences, long seed) {}

    /**
     * A checkpoint with all that was measured of it.
     *
     * @param last whether it is the run's last scheduled one
     * @param matched levels at which it stands for its run
     * @param sentences validation sentences behind the excess
     * @param layers traces tensor by tensor, one entry an estimator's settings
     * @param spectra eigenvalues and their density, one entry an estimator's settings
     */
    public record Checkpoint(
            int step,
            boolean last,
            List<Double> matched,
            Estimate excess,
            int sentences,
            long lossSeed,
            double weightNorm,
            List<Flatness> flatness,
            List<Downstream> downstream,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Layers> layers,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Spectrum> spectra) {}

    /**
     * A measured flatness; {@code value} is the trace, not its logarithm.
     *
     * @param interval of the trace, as its estimator gave it
     * @param flatness −ln of the trace and of its interval; absent where the trace is not positive
     * @param radius how far from the weights a sharpness looked
     */
    public record Flatness(
            String quantity,
            double value,
            double standardError,
            String unit,
            Interval interval,
            int pairs,
            Optional<Double> effectiveRank,
            long parameters,
            String estimator,
            int version,
            long seed,
            String platform,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<Double> radius,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<Logarithm> flatness) {
        /** Returns the value with its standard error and the ends of its interval. */
        public Estimate estimate() {
            return new Estimate(value, standardError, interval.low(), interval.high());
        }
    }

    /**
     * −ln of a positive quantity: more is flatter.
     *
     * @param high absent where the quantity's interval holds zero, so that nothing bounds it
     */
    public record Logarithm(
            double value,
            double low,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<Double> high) {
        static Optional<Logarithm> of(double value, Interval interval) {
            return value > 0
                    ? Optional.of(new Logarithm(
                            -StrictMath.log(value),
                            -StrictMath.log(interval.high()),
                            interval.low() > 0 ? Optional.of(-StrictMath.log(interval.low())) : Optional.empty()))
                    : Optional.empty();
        }
    }

    /**
     * Traces tensor by tensor.
     *
     * @param layers in the order of the network; traces in {@code unit}
     * @param pairs of a fresh batch and a fresh probe
     */
    public record Layers(
            List<LayerTraces> layers,
            String unit,
            int pairs,
            String estimator,
            int version,
            long seed,
            String platform) {}

    /**
     * Eigenvalues of the Hessian and their density.
     *
     * @param top the largest eigenvalues, the largest first, in {@code unit}
     * @param lowest the smallest one
     * @param dataSets independent data sets
     * @param sentences of each data set
     */
    public record Spectrum(
            List<Eigenvalue> top,
            Eigenvalue lowest,
            Density density,
            String unit,
            int dataSets,
            int sentences,
            long parameters,
            String estimator,
            int version,
            long seed,
            String platform) {}

    /**
     * How many eigenvalues lie in each bin of an axis.
     *
     * @param edges of the bins, ascending, nats; one more than bins
     * @param counts eigenvalues in each bin, with intervals over data sets
     * @param trace the density's first moment, nats
     * @param steps of Lanczos's method, at most
     */
    public record Density(List<Double> edges, List<Estimate> counts, Estimate trace, int steps) {}

    /**
     * A measured accuracy.
     *
     * @param above accuracy less that of the untrained network
     * @param bayesAccuracy the best accuracy there can be; absent where it is unknown
     */
    public record Downstream(
            String task,
            String protocol,
            Estimate accuracy,
            Estimate above,
            Estimate untrained,
            double majorityBaseline,
            Optional<Estimate> bayesAccuracy,
            int classes,
            double leftOut,
            int repetitions,
            int labels,
            int test,
            long seed) {}

    /**
     * A row of the table of correlations, flat, with words for people.
     *
     * @param compared what is compared, in words
     * @param primary whether it is the row that the headline speaks of
     * @param conditionedOn as in {@link CorrelationRow}
     * @param registration {@link #REGISTERED} or {@link #EXPLORATORY}
     * @param follows whether its interval or p-value is still computed. What is there meanwhile is of an earlier revision
     */
    public record RowView(
            Comparison comparison,
            String compared,
            Optional<Double> level,
            String measure,
            String task,
            String protocol,
            String statistic,
            boolean primary,
            Finding finding,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> conditionedOn,
            String registration,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean follows) {
        /** The comparison as a metric label: with what is held besides. */
        public String comparisonLabel() {
            return String.join(
                            "_",
                            Stream.concat(Stream.of(comparison.name()), conditionedOn.stream())
                                    .toList())
                    .toLowerCase(Locale.ROOT);
        }

        /** Labels of the row's metrics, by name. */
        public Map<String, String> labels() {
            return Map.of(
                    "comparison", comparisonLabel(),
                    "level", level.map(String::valueOf).orElse("none"),
                    "measure", measure,
                    "task", task,
                    "protocol", protocol,
                    "statistic", statistic);
        }

        /** The row as it is in the record. */
        public CorrelationRow row() {
            return new CorrelationRow(comparison, level, measure, task, protocol, statistic, conditionedOn);
        }
    }
}

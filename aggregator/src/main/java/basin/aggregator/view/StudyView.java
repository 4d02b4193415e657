package basin.aggregator.view;

import basin.aggregator.analysis.ArmRow;
import basin.aggregator.analysis.MeasureRanking;
import basin.record.Eigenvalue;
import basin.record.Finding;
import basin.record.Interval;
import basin.record.LayerTraces;
import basin.record.Revision;
import basin.study.Against;
import basin.study.AlgorithmSpec;
import basin.study.ClaimSpec;
import basin.study.Comparison;
import basin.study.CorrelationRow;
import basin.study.EnumName;
import basin.study.TrainingSpec;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All displayed results of a study at one revision. Page, terminal, report and metrics show these
 * values and compute none themselves. The view does not depend on the wall clock. Immutable.
 *
 * @param studyId id of the study
 * @param name name of the study
 * @param language kind of the study's language
 * @param state {@code nothing}, {@code running}, {@code done}, {@code failed} (every run failed),
 *     {@code incomplete} (results are missing and none will arrive unless work items that were
 *     given up are redriven), {@code paused} or {@code cancelled} (on request, before all results
 *     existed)
 * @param revision state of the record from which all numbers were computed
 * @param headline one sentence with the answer, computed from the results
 * @param more a second sentence: what is still missing, or what would allow a conclusion
 * @param levels losses of the study's kind (nats) at which runs are compared, descending
 * @param band maximum distance of a matched checkpoint's loss below its level, in nats
 * @param seed seed of permutations and resamples
 * @param confidence confidence level of correlations and of differences between arms
 * @param pointConfidence confidence level of every {@link Estimate}
 * @param loss names of the study's loss
 * @param optimum the language's optimal loss in nats; absent if unknown
 * @param sizes sizes of the study's networks
 * @param tasks names of the study's tasks
 * @param protocols names of the study's protocols
 * @param measures flatness quantities that are correlated, the primary one first
 * @param settings training settings of the study's arms
 * @param done progress of the study
 * @param runs runs of the study's grid
 * @param arms differences between the study's arms and the reference arm, averaged over pairs;
 *     empty if there is only one arm
 * @param claim the study's registered claim; without one, all results are exploratory
 * @param rows rows of the table; the claim's row comes first if it is judged
 * @param budgets protocols that differ only in their number of labels
 * @param rankings rankings of all measures, one per task, protocol and level
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
        List<Setting> settings,
        Done done,
        List<Run> runs,
        List<RowView> rows,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ArmRow> arms,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Claim> claim,
        List<MeasureRanking> rankings,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Budget> budgets) {
    /** The {@link RowView#registration()} of rows other than the registered claim's. */
    public static final String EXPLORATORY = "exploratory";

    /** The {@link RowView#registration()} of the registered claim's row. */
    public static final String REGISTERED = "registered";

    /** Returns the row that the headline describes. */
    public Optional<RowView> primary() {
        return rows.stream().filter(RowView::primary).findFirst();
    }

    /**
     * Returns the answer in a few words without numbers: what became of the registered claim, or
     * what the headline's row says.
     */
    public String verdict() {
        Optional<RowView> row = primary();
        return claim.filter(own ->
                        row.filter(one -> one.registration().equals(REGISTERED)).isPresent())
                .map(own -> "Registered claim: " + own.verdict() + ".")
                .or(() -> row.map(one -> Headline.verdict(one.measure(), one.finding())))
                .orElse(headline);
    }

    /**
     * The names of the study's loss in sentences, tables and figures.
     *
     * @param kind {@code excess} if losses are those above the known optimum, so that 0 is the
     *     minimum, or {@code held-out} if the optimum is unknown
     * @param quantity name such as "excess loss"
     * @param level short name for comparison levels, such as "excess"
     * @param estimator description of the estimator
     */
    public record LossName(String kind, String quantity, String level, String estimator) {
        static LossName of(Against against) {
            return new LossName(against.kind(), against.quantity(), against.level(), against.estimator());
        }
    }

    /**
     * Returns whether no more results will arrive without intervention: done, incomplete, failed or
     * cancelled.
     */
    public boolean ended() {
        return hasEnded(state);
    }

    /** Returns whether a study in this state has {@linkplain #ended() ended}. */
    public static boolean hasEnded(String state) {
        return switch (state) {
            case "done", "incomplete", "failed", "cancelled" -> true;
            default -> false;
        };
    }

    /**
     * A claim that a study registered before its first run.
     *
     * @param registered claim of the study file
     * @param sha256 SHA-256 of the claim's canonical JSON
     * @param statement the claim in words
     * @param verdict {@code holds}, {@code contradicted}, {@code inconclusive},
     *     {@code not judged yet} (runs or measurements are missing), or {@code not asked here}
     *     (this is the answer to another question)
     * @param sentence statement, verdict and numbers
     */
    public record Claim(ClaimSpec registered, String sha256, String statement, String verdict, String sentence) {}

    /**
     * A protocol at several numbers of labels.
     *
     * @param name common part of the protocols' names
     * @param points protocols in ascending order of labels
     */
    public record Budget(String name, List<Labelled> points) {
        /** A protocol and its number of labelled training examples. */
        public record Labelled(String protocol, int labels) {}
    }

    /**
     * The size of a network.
     *
     * @param name name of the size
     */
    public record Size(String name, int width, int layers) {}

    /**
     * The training settings of an arm.
     *
     * @param arm name of the arm
     * @param algorithm training algorithm, as a study file names it
     * @param learningRate peak learning rate
     * @param training all other settings
     */
    public record Setting(String arm, AlgorithmSpec algorithm, double learningRate, TrainingSpec training) {}

    /**
     * The progress of the study.
     *
     * @param runs number of runs of the study's grid
     * @param ended number of runs finished or failed
     * @param measurements number of measurements wanted of the checkpoints so far
     * @param measured number of these measurements done
     */
    public record Done(int runs, int ended, int measurements, int measured) {}

    /**
     * A run with its checkpoints.
     *
     * @param arm name of its arm; empty for a run without weights
     * @param state {@code declared}, {@code running}, {@code done} or {@code failed}
     * @param reason reason of a failure, otherwise empty
     * @param ingested its name in the program that trained it; the record then has no weights of it
     * @param losses losses over steps, thinned
     * @param checkpoints checkpoints over steps
     */
    public record Run(
            String runId,
            String label,
            String size,
            double learningRate,
            String algorithm,
            String arm,
            long seed,
            long parameters,
            String state,
            String reason,
            int step,
            int steps,
            long tokens,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> ingested,
            List<Loss> losses,
            List<Checkpoint> checkpoints) {}

    /**
     * A measured loss.
     *
     * @param loss loss of the study's kind in nats
     * @param sentences number of validation sentences
     * @param validationSeed seed of these sentences
     */
    public record Loss(int step, Estimate loss, int sentences, long validationSeed) {}

    /**
     * A checkpoint with all its measurements.
     *
     * @param last whether it is the run's last scheduled checkpoint
     * @param matched levels at which it represents its run
     * @param loss loss of the study's kind in nats
     * @param sentences number of validation sentences behind the loss
     * @param validationSeed seed of these sentences
     * @param flatness measurements of flatness
     * @param downstream measurements of accuracy
     * @param layers traces by tensor, one entry per estimator settings
     * @param spectra eigenvalues and their density, one entry per estimator settings
     */
    public record Checkpoint(
            int step,
            boolean last,
            List<Double> matched,
            Estimate loss,
            int sentences,
            long validationSeed,
            double weightNorm,
            List<Flatness> flatness,
            List<Downstream> downstream,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Layers> layers,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Spectrum> spectra) {}

    /**
     * A measured flatness. {@code value} is the trace, not its logarithm.
     *
     * @param interval interval of the trace, as returned by its estimator
     * @param parameters number of parameters behind the value
     * @param flatness −ln of the trace and of its interval; absent if the trace is not positive
     * @param radius perturbation radius of a sharpness measure
     * @param gradients cost in gradients of one example; an upper limit if the measurement ends at
     *     a wanted precision
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
            int estimatorVersion,
            long estimatorSeed,
            String platform,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<Double> radius,
            double gradients,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<Logarithm> flatness) {
        /** Returns the value with its standard error and the ends of its interval. */
        public Estimate estimate() {
            return new Estimate(value, standardError, interval.low(), interval.high());
        }
    }

    /**
     * The −ln of a positive quantity; larger is flatter.
     *
     * @param value −ln of the quantity
     * @param low lower end of its interval
     * @param high upper end of its interval; absent if the quantity's interval contains zero, so
     *     that there is no upper bound
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
     * Traces by tensor.
     *
     * @param layers traces in the order of the network, in {@code unit}
     * @param pairs number of pairs of a fresh batch and a fresh probe
     */
    public record Layers(
            List<LayerTraces> layers,
            String unit,
            int pairs,
            String estimator,
            int estimatorVersion,
            long estimatorSeed,
            String platform) {}

    /**
     * Eigenvalues of the Hessian and their density.
     *
     * @param top largest eigenvalues in descending order, in {@code unit}
     * @param lowest smallest eigenvalue
     * @param density number of eigenvalues by size
     * @param dataSets number of independent data sets
     * @param sentences number of sentences of each data set
     * @param parameters number of parameters of the network
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
            int estimatorVersion,
            long estimatorSeed,
            String platform) {}

    /**
     * The number of eigenvalues in each bin of an axis.
     *
     * @param edges edges of the bins in ascending order, in nats; one more than bins
     * @param counts eigenvalues in each bin, with intervals over data sets
     * @param trace first moment of the density, in nats
     * @param steps maximum number of Lanczos steps
     */
    public record Density(List<Double> edges, List<Estimate> counts, Estimate trace, int steps) {}

    /**
     * A measured accuracy.
     *
     * @param aboveUntrained accuracy minus that of the untrained network
     * @param bayesAccuracy the highest possible accuracy; absent if unknown
     */
    public record Downstream(
            String task,
            String protocol,
            Estimate accuracy,
            Estimate aboveUntrained,
            Estimate untrained,
            double majorityBaseline,
            Optional<Estimate> bayesAccuracy,
            int classes,
            double leftOut,
            int repetitions,
            int labels,
            int test,
            long protocolSeed) {}

    /**
     * A row of the table of correlations, flattened, with texts for display.
     *
     * @param compared the comparison in words
     * @param primary whether the headline describes this row
     * @param answer the answer that this row gives, a sentence; the primary row's is the headline
     * @param numbers the numbers in that sentence: statistic, interval, p-value and runs; without
     *     an estimate, why there is none
     * @param finding the result
     * @param conditionedOn conditioning variables as in {@link CorrelationRow}
     * @param registration {@link #REGISTERED} or {@link #EXPLORATORY}
     * @param follows whether its interval or p-value is still being computed; until then, it shows
     *     that of an earlier revision or none
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
            String answer,
            String numbers,
            Finding finding,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> conditionedOn,
            String registration,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean follows) {
        /**
         * Returns the labels that identify the row in metrics, by name: the columns of the table of
         * correlations. The level of a row without one is {@code last} or {@code all}, after the
         * checkpoints that it compares.
         */
        public Map<String, String> labels() {
            return Map.of(
                    "comparison", EnumName.of(comparison),
                    "conditioned_on", String.join(" ", conditionedOn),
                    "level",
                            level.map(String::valueOf)
                                    .orElse(comparison == Comparison.ALL_CHECKPOINTS ? "all" : "last"),
                    "measure", measure,
                    "task", task,
                    "protocol", protocol,
                    "statistic", statistic);
        }

        /** Returns whether the other row has the same task and protocol. */
        boolean isOf(RowView other) {
            return task.equals(other.task()) && protocol.equals(other.protocol());
        }

        /** Returns the row as it is in the record. */
        public CorrelationRow row() {
            return new CorrelationRow(comparison, level, measure, task, protocol, statistic, conditionedOn);
        }
    }
}

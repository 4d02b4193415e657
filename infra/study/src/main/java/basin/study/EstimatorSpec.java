package basin.study;

import static basin.study.Checks.positive;
import static basin.study.Checks.require;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A measurement of flatness.
 *
 * @param estimator the estimator's name, such as {@code paired}
 * @param pairs fresh batches, each with fresh probes; the maximum if {@code to} is given
 * @param batch sentences per batch
 * @param seed seed of batches, labels and probes; the same for every checkpoint, so that
 *     differences between checkpoints are more precise than the values
 * @param probes fresh probes per batch; 1 if absent, and chosen automatically if {@code to} is
 *     given
 * @param to target standard error as a share of the value, such as 0.02; if absent, all pairs are
 *     measured
 * @param radius distance from the weights at which a sharpness is measured, without a unit;
 *     required by sharpness estimators, and for all others left out of the record's JSON
 * @param expandTo the architecture in which the checkpoint is measured, after a function-preserving
 *     expansion; if absent, its own
 * @param recipe recipe of the expansion; present exactly if {@code expandTo} is, by default tiled
 */
public record EstimatorSpec(
        Estimator estimator,
        int pairs,
        int batch,
        long seed,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> probes,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Double> to,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Double> radius,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<SizeSpec> expandTo,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ExpansionRecipe> recipe) {
    /** The smallest target error, because single precision allows no smaller one. */
    private static final double MIN_ERROR = 1e-4;

    /**
     * Further results if sizes are compared, because an expansion divides the share of the
     * embedding tables.
     */
    private static final List<Quantity> WITHOUT_TABLES =
            List.of(Quantity.FISHER_TRACE_WITHOUT_TABLES, Quantity.HESSIAN_TRACE_WITHOUT_TABLES);

    public EstimatorSpec {
        Estimator.Minimum min = estimator.min();
        within(min.pairs(), 1_000_000, "flatness.pairs", pairs);
        within(1, 65_536, "flatness.batch", batch);
        require(
                (long) pairs * batch >= min.examples(),
                "flatness.batch",
                () -> batch,
                () -> "with " + pairs + " pairs give at least " + Math.ceilDiv(min.examples(), pairs)
                        + ", for with fewer examples in all the intervals cover too rarely");
        require(
                estimator.hasRadius() == radius.isPresent(),
                "flatness.radius",
                () -> radius.map(String::valueOf).orElse("absent"),
                () -> radius.isPresent()
                        ? "leave it out, for '" + estimator + "' has none"
                        : "say how far from the weights '" + estimator + "' is to look, such as 0.01");
        radius.ifPresent(far -> positive("flatness.radius", far));
        recipe.ifPresent(own -> require(
                expandTo.isPresent(),
                "flatness.recipe",
                own.name().toLowerCase(Locale.ROOT),
                "leave it out, or name with 'expandTo' the size in which checkpoints are embedded"));
        recipe = expandTo.isPresent() && recipe.isEmpty() ? Optional.of(ExpansionRecipe.TILED) : recipe;
        probes.ifPresent(number -> {
            within(1, 1000, "flatness.probes", number);
            require(
                    estimator.hasProbes(),
                    "flatness.probes",
                    number,
                    "leave it out, for '" + estimator + "' has one a batch");
            require(to.isEmpty(), "flatness.probes", number, "leave it out where 'to' is given, which chooses it");
        });
        to.ifPresent(error -> {
            require(
                    error >= MIN_ERROR && error < 1,
                    "flatness.to",
                    error,
                    "give a relative standard error from " + MIN_ERROR + " up to 1, such as 0.02");
            require(
                    estimator.hasProbes(),
                    "flatness.to",
                    error,
                    "leave it out, for '" + estimator + "' takes all its pairs");
        });
    }

    /** Creates a spec with one probe per batch, for an estimator without a radius. */
    public EstimatorSpec(Estimator estimator, int pairs, int batch, long seed) {
        this(estimator, pairs, batch, seed, Optional.empty());
    }

    /** Creates a spec with one probe per batch. */
    public EstimatorSpec(Estimator estimator, int pairs, int batch, long seed, Optional<Double> radius) {
        this(estimator, pairs, batch, seed, Optional.empty(), Optional.empty(), radius);
    }

    /** Creates a measurement in the network's own architecture. */
    public EstimatorSpec(
            Estimator estimator,
            int pairs,
            int batch,
            long seed,
            Optional<Integer> probes,
            Optional<Double> to,
            Optional<Double> radius) {
        this(estimator, pairs, batch, seed, probes, to, radius, Optional.empty(), Optional.empty());
    }

    /**
     * Returns a title that is unique among the entries of a study. An estimator may occur once in
     * every architecture and by every recipe.
     */
    public String title() {
        return estimator
                + expandTo.map(into -> " in " + into.name()).orElse("")
                + recipe.map(own -> ", " + own.name().toLowerCase(Locale.ROOT)).orElse("");
    }

    /** Refuses an estimator that needs exact conditionals if the language has none. */
    public void check(LanguageSpec language) {
        require(
                language.against() == Against.OPTIMUM || !estimator.needsConditionals(),
                "flatness.estimator",
                "'" + estimator + "'",
                "give another, such as fisher.sampled, for it averages over the exact conditionals and those of a "
                        + language.kind() + " are unknown");
    }

    /**
     * Returns the cost of each example of its batches, in gradients of one example; the maximum if
     * {@code to} is given.
     */
    public double gradientsAnExample() {
        return estimator.cost().of(probes.orElse(1));
    }

    /**
     * Returns the quantities that this estimator measures, one result each. In an expanded
     * architecture, an estimator that reports each tensor also reports the traces without tables.
     */
    public List<Quantity> quantities() {
        return estimator.tellsLayers() && expandTo.isPresent()
                ? Stream.concat(estimator.quantities().stream(), WITHOUT_TABLES.stream())
                        .toList()
                : estimator.quantities();
    }
}

package basin.aggregator.present;

import static java.util.Map.entry;

import basin.study.Against;
import basin.study.Association;
import basin.study.Comparison;
import basin.study.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Terms of the field for the ids in the record. The page requests them once and so defines none
 * itself. Immutable.
 *
 * @param measures the measures of flatness
 * @param statistics the coefficients in the order in which they are offered, the headline's first
 * @param comparisons the comparisons of runs
 * @param covariates the covariates, by their names in a question
 * @param states the states of a study or run
 * @param topics the topics of events
 */
public record Words(
        List<Measure> measures,
        List<Statistic> statistics,
        List<Compared> comparisons,
        Map<String, String> covariates,
        Map<String, String> states,
        Map<String, String> topics) {

    /**
     * A measure of flatness.
     *
     * @param name short name, for buttons
     * @param symbol for axes
     * @param title for sentences
     */
    public record Measure(String id, String name, String symbol, String title) {}

    /** A coefficient of association. */
    public record Statistic(String id, String symbol, String name) {}

    /**
     * A comparison of runs.
     *
     * @param title what is compared
     * @param more a caution about it
     */
    public record Compared(Comparison comparison, String title, String more) {}

    /** More decimals than a level or a band is written with. */
    private static final int DECIMALS = 9;

    /** All terms. */
    public static final Words ALL = new Words(
            List.of(
                    measure(Quantity.HESSIAN_TRACE),
                    measure(Quantity.FISHER_TRACE),
                    measure(Quantity.HESSIAN_TRACE_PER_PARAMETER),
                    measure(Quantity.WEIGHTED_TRACE, "weighted", Quantity.WEIGHTED_TRACE.title()),
                    measure(Quantity.AVERAGE_SHARPNESS),
                    measure(Quantity.ADAPTIVE_SHARPNESS),
                    measure(Quantity.SAM_SHARPNESS),
                    measure(Quantity.TOP_EIGENVALUE),
                    measure(Quantity.ADAPTIVE_TRACE, "adaptive", "adaptive trace tr(|θ| H |θ|)")),
            Association.OFFERED.stream()
                    .map(one -> new Statistic(one.id(), one.symbol(), one.author()))
                    .toList(),
            Arrays.stream(Comparison.values())
                    .map(one -> new Compared(one, one.title(), one.more()))
                    .toList(),
            new TreeMap<>(Map.ofEntries(
                    entry("loss", "loss"),
                    entry("rate", "learning rate"),
                    entry("size", "parameters"),
                    entry("steps", "steps"),
                    entry("norm", "weight norm"))),
            new TreeMap<>(Map.ofEntries(
                    entry("nothing", "nothing yet"),
                    entry("declared", "waiting"),
                    entry("running", "running"),
                    entry("done", "done"),
                    entry("incomplete", "incomplete"),
                    entry("failed", "failed"),
                    entry("paused", "paused"),
                    entry("cancelled", "cancelled"))),
            new TreeMap<>(Map.ofEntries(
                    entry("basin.study", "Studies"),
                    entry("basin.run", "Run events"),
                    entry("basin.loss", "Losses"),
                    entry("basin.checkpoint", "Checkpoints"),
                    entry("basin.flatness", "Flatness"),
                    entry("basin.downstream", "Accuracies"))));

    private static Measure measure(Quantity quantity) {
        return measure(quantity, quantity.symbol(), quantity.title());
    }

    private static Measure measure(Quantity quantity, String name, String title) {
        return new Measure(quantity.id(), name, quantity.symbol(), title);
    }

    /** Returns the symbol of a measure, or its id if it has no symbol, like the loss. */
    public static String symbol(String measure) {
        return ALL.measures.stream()
                .filter(one -> one.id().equals(measure))
                .map(Measure::symbol)
                .findFirst()
                .orElse(measure);
    }

    /** Returns the letter of a statistic: τ, ρ or r. */
    public static String letter(String statistic) {
        return ALL.statistics.stream()
                .filter(one -> one.id().equals(statistic))
                .map(Statistic::symbol)
                .findFirst()
                .orElse(statistic);
    }

    /** Returns the name of a statistic in a sentence, such as {@code Kendall's τ}. */
    public static String named(String statistic) {
        return ALL.statistics.stream()
                .filter(one -> one.id().equals(statistic))
                .map(one -> one.name() + "'s " + one.symbol())
                .findFirst()
                .orElse(statistic);
    }

    /**
     * Returns the losses that count as matched at a level, as in {@code matched loss (0.18–0.20
     * nats above optimum)}.
     *
     * @param level upper end, nats
     * @param band distance of the lower end below the level, nats
     */
    public static String matched(Against against, double level, double band) {
        // Rounded, because 0.2 − 0.02 is not 0.18 in binary.
        double low = new BigDecimal(Math.max(0, level - band))
                .setScale(DECIMALS, RoundingMode.HALF_UP)
                .doubleValue();
        String range = Numbers.level(low) + "–" + Numbers.level(level) + " nats";
        return against == Against.OPTIMUM
                ? "matched loss (" + range + " above optimum)"
                : "matched " + against.quantity() + " (" + range + ")";
    }

    /** Returns the text with a capital first letter. */
    public static String capital(String text) {
        return text.isEmpty() ? "" : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}

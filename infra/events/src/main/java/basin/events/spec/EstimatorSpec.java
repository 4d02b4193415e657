package basin.events.spec;

import static basin.events.spec.InvalidSpecException.positive;
import static basin.events.spec.InvalidSpecException.require;
import static basin.events.spec.InvalidSpecException.within;

import basin.events.Quantity;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonPOJOBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A measurement of flatness.
 *
 * @param estimator the estimator's name, such as {@code paired}
 * @param pairs fresh batches, each with fresh probes; the most there may be where an error is to be reached
 * @param batch sentences a batch
 * @param seed draws batches, labels and probes; the same for every checkpoint, so that differences between checkpoints are
 *     sharper than the values
 * @param probes fresh probes a batch; 1 where it is absent, and chosen where an error is to be reached
 * @param to the standard error to be reached, relative to the value, such as 0.02; where it is absent all pairs are measured
 * @param radius how far from the weights a sharpness looks; no other estimator has one, and its form in the record is without the field
 * @param embed the architecture in which the checkpoint is measured, embedded without changing its function; its own where it is absent
 * @param recipe by which it is embedded; there where {@code embed} is, tiled where none is given
 */
@JsonDeserialize(builder = EstimatorSpec.Fields.class)
public record EstimatorSpec(
        String estimator,
        int pairs,
        int batch,
        long seed,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> probes,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Double> to,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Double> radius,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<SizeSpec> embed,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<EmbeddingRecipe> recipe) {
    /** The fewest pairs at which intervals have been shown to cover: values of a pair are skewed. */
    public static final int LEAST_PAIRS = 40;

    /** The fewest examples, over all pairs together, at which intervals have been shown to cover. */
    public static final int LEAST_EXAMPLES = 640;

    /** The fewest data sets for a spectrum: one's eigenvalues are close to normal, and every one of them costs tens of products. */
    public static final int LEAST_DATA_SETS = 8;

    /** A squared norm of a sum stays as skewed as a few squared normal numbers, however many examples it adds. */
    private static final int LEAST_BATCH_FORM_PAIRS = 80;

    /** A selection is a part of the batch, and its weights are uneven. */
    private static final int LEAST_SELECTED_EXAMPLES = 2560;

    /** Closer than this single precision does not come. */
    private static final double LEAST_ERROR = 1e-4;

    private static final String SOFT = "fisher.soft";
    private static final String BATCH_FORM = "fisher.batch";
    private static final String SELECTED = "fisher.selected";
    private static final String REFINED = "hessian.refined";
    private static final String LAYERS = "layers.exact";
    private static final String SPECTRUM = "spectrum.lanczos";

    private static final List<String> SIZE_FIELDS = List.of("name", "width", "layers", "heads", "intermediate");

    /** What is told besides where sizes are compared, for an embedding divides the share of the tables. */
    private static final List<Quantity> WITHOUT_TABLES =
            List.of(Quantity.FISHER_TRACE_WITHOUT_TABLES, Quantity.HESSIAN_TRACE_WITHOUT_TABLES);

    /** What looks as far from the weights as it is told. */
    private static final String SHARPNESS = "sharpness.";

    /** Every estimator, and what it measures in one go. */
    private static final SortedMap<String, List<Quantity>> QUANTITIES = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "paired",
                    List.of(
                            Quantity.FISHER_TRACE,
                            Quantity.HESSIAN_TRACE,
                            Quantity.ADAPTIVE_TRACE,
                            Quantity.HESSIAN_FISHER_GAP)),
            Map.entry("fisher.sampled", List.of(Quantity.FISHER_TRACE)),
            Map.entry("fisher.output", List.of(Quantity.FISHER_TRACE)),
            Map.entry("fisher.forward", List.of(Quantity.FISHER_TRACE)),
            Map.entry(BATCH_FORM, List.of(Quantity.FISHER_TRACE)),
            Map.entry(SELECTED, List.of(Quantity.FISHER_TRACE)),
            Map.entry(SOFT, List.of(Quantity.DATA_FISHER_TRACE)),
            Map.entry(REFINED, List.of(Quantity.HESSIAN_TRACE, Quantity.HESSIAN_FISHER_GAP)),
            Map.entry("hessian.hutchpp", List.of(Quantity.HESSIAN_TRACE)),
            Map.entry("hessian.xtrace", List.of(Quantity.HESSIAN_TRACE)),
            Map.entry("hessian.hutchinson", List.of(Quantity.HESSIAN_TRACE)),
            Map.entry("hessian.forward", List.of(Quantity.HESSIAN_TRACE, Quantity.HESSIAN_FISHER_GAP)),
            Map.entry(
                    "hessian.split",
                    List.of(Quantity.FISHER_TRACE, Quantity.HESSIAN_TRACE, Quantity.HESSIAN_FISHER_GAP)),
            Map.entry("adaptive.exact", List.of(Quantity.ADAPTIVE_TRACE)),
            Map.entry("adaptive.forward", List.of(Quantity.ADAPTIVE_TRACE)),
            Map.entry(
                    LAYERS,
                    List.of(
                            Quantity.FISHER_TRACE,
                            Quantity.HESSIAN_TRACE,
                            Quantity.ADAPTIVE_TRACE,
                            Quantity.HESSIAN_TRACE_PER_PARAMETER,
                            Quantity.WEIGHTED_TRACE)),
            Map.entry(SPECTRUM, List.of(Quantity.TOP_EIGENVALUE)),
            Map.entry(SHARPNESS + "average", List.of(Quantity.AVERAGE_SHARPNESS)),
            Map.entry(SHARPNESS + "adaptive", List.of(Quantity.ADAPTIVE_SHARPNESS)),
            Map.entry(SHARPNESS + "sam", List.of(Quantity.SAM_SHARPNESS))));

    public EstimatorSpec {
        require(
                QUANTITIES.containsKey(estimator),
                "flatness.estimator",
                "'" + estimator + "'",
                "give one of " + String.join(", ", QUANTITIES.keySet()));
        within(leastPairs(estimator), 1_000_000, "flatness.pairs", pairs);
        within(1, 65_536, "flatness.batch", batch);
        require(
                (long) pairs * batch >= leastExamples(estimator),
                "flatness.batch",
                batch,
                "with " + pairs + " pairs give at least " + Math.ceilDiv(leastExamples(estimator), pairs)
                        + ", for with fewer examples in all the intervals cover too rarely");
        require(
                estimator.startsWith(SHARPNESS) == radius.isPresent(),
                "flatness.radius",
                radius.map(String::valueOf).orElse("absent"),
                radius.isPresent()
                        ? "leave it out, for '" + estimator + "' has none"
                        : "say how far from the weights '" + estimator + "' is to look, such as 0.01");
        radius.ifPresent(far -> positive("flatness.radius", far));
        recipe.ifPresent(own -> require(
                embed.isPresent(),
                "flatness.recipe",
                own.name().toLowerCase(Locale.ROOT),
                "leave it out, or name with 'embed' the size in which checkpoints are embedded"));
        recipe = embed.isPresent() && recipe.isEmpty() ? Optional.of(EmbeddingRecipe.TILED) : recipe;
        probes.ifPresent(number -> {
            within(1, 1000, "flatness.probes", number);
            require(
                    !estimator.equals(SPECTRUM) && !estimator.startsWith(SHARPNESS),
                    "flatness.probes",
                    number,
                    "leave it out, for '" + estimator + "' has one a batch");
            require(to.isEmpty(), "flatness.probes", number, "leave it out where 'to' is given, which chooses it");
        });
        to.ifPresent(error -> {
            require(
                    error >= LEAST_ERROR && error < 1,
                    "flatness.to",
                    error,
                    "give a relative standard error from " + LEAST_ERROR + " up to 1, such as 0.02");
            require(
                    !estimator.equals(SPECTRUM) && !estimator.startsWith(SHARPNESS),
                    "flatness.to",
                    error,
                    "leave it out, for '" + estimator + "' takes all its pairs");
        });
    }

    /** So many pairs of one batch and one probe, of an estimator without a radius. */
    public EstimatorSpec(String estimator, int pairs, int batch, long seed) {
        this(estimator, pairs, batch, seed, Optional.empty());
    }

    /** So many pairs of one batch and one probe. */
    public EstimatorSpec(String estimator, int pairs, int batch, long seed, Optional<Double> radius) {
        this(estimator, pairs, batch, seed, Optional.empty(), Optional.empty(), radius);
    }

    /** A measurement in the network's own architecture. */
    public EstimatorSpec(
            String estimator,
            int pairs,
            int batch,
            long seed,
            Optional<Integer> probes,
            Optional<Double> to,
            Optional<Double> radius) {
        this(estimator, pairs, batch, seed, probes, to, radius, Optional.empty(), Optional.empty());
    }

    /** What tells entries of a study apart, in words: an estimator may be asked for once in every architecture and by every recipe. */
    public String title() {
        return estimator
                + embed.map(into -> " in " + into.name()).orElse("")
                + recipe.map(own -> ", " + own.name().toLowerCase(Locale.ROOT)).orElse("");
    }

    /** The fewest pairs, or data sets, at which an estimator's interval has been shown to cover. */
    public static int leastPairs(String estimator) {
        return switch (estimator) {
            case SPECTRUM -> LEAST_DATA_SETS;
            case BATCH_FORM -> LEAST_BATCH_FORM_PAIRS;
            default -> LEAST_PAIRS;
        };
    }

    /** The fewest examples, over all pairs together, at which an estimator's interval has been shown to cover. */
    public static int leastExamples(String estimator) {
        return estimator.equals(SELECTED) || estimator.equals(REFINED) ? LEAST_SELECTED_EXAMPLES : LEAST_EXAMPLES;
    }

    /** Whether its results are told tensor by tensor too. */
    public boolean tellsLayers() {
        return estimator.equals(LAYERS);
    }

    /** Whether it measures eigenvalues and their density. */
    public boolean measuresSpectrum() {
        return estimator.equals(SPECTRUM);
    }

    /** Refuses an estimator that takes the exact conditionals of a language that has none. */
    public void check(LanguageSpec language) {
        require(
                language.against() == Against.OPTIMUM || !estimator.equals(SOFT),
                "flatness.estimator",
                "'" + estimator + "'",
                "give another, such as fisher.sampled, for it averages over the exact conditionals and those of a "
                        + language.kind() + " are unknown");
    }

    /** The fields as they are read: every field must be there but probes, error, radius and embedding. Creators of records have no such choice. */
    @JsonPOJOBuilder
    static final class Fields {
        private final String estimator;
        private final int pairs;
        private final int batch;
        private final long seed;
        private Optional<Integer> probes = Optional.empty();
        private Optional<Double> to = Optional.empty();
        private Optional<Double> radius = Optional.empty();
        private Optional<SizeSpec> embed = Optional.empty();
        private Optional<EmbeddingRecipe> recipe = Optional.empty();

        @JsonCreator
        Fields(
                @JsonProperty("estimator") String estimator,
                @JsonProperty("pairs") int pairs,
                @JsonProperty("batch") int batch,
                @JsonProperty("seed") long seed) {
            this.estimator = estimator;
            this.pairs = pairs;
            this.batch = batch;
            this.seed = seed;
        }

        @JsonProperty("probes")
        Fields withProbes(int given) {
            this.probes = Optional.of(given);
            return this;
        }

        @JsonProperty("to")
        Fields withTo(double given) {
            this.to = Optional.of(given);
            return this;
        }

        @JsonProperty("radius")
        Fields withRadius(JsonNode given) {
            require(given.isNumber(), "flatness.radius", "'" + given.asText() + "'", "give a number above 0");
            this.radius = Optional.of(given.asDouble());
            return this;
        }

        @JsonProperty("embed")
        Fields withEmbed(JsonNode given) {
            String made = given.path("architecture").asText(Architecture.TRANSFORMER.name());
            require(
                    made.equalsIgnoreCase(Architecture.TRANSFORMER.name()),
                    "flatness.embed",
                    "'" + given.path("name").asText() + "'",
                    "name a transformer, for no network is embedded in an LSTM");
            SIZE_FIELDS.forEach(name -> require(
                    name.equals("name")
                            ? given.path(name).isTextual()
                            : given.path(name).canConvertToInt()
                                    && given.path(name).isIntegralNumber(),
                    "flatness.embed." + name,
                    given.has(name) ? given.get(name) : "absent",
                    "give one of the study's sizes by its name, or a size with " + String.join(", ", SIZE_FIELDS)));
            given.fieldNames()
                    .forEachRemaining(name -> require(
                            SIZE_FIELDS.contains(name) || name.equals("architecture"),
                            "flatness.embed." + name,
                            given.get(name),
                            "remove it, for a size has " + String.join(", ", SIZE_FIELDS)));
            this.embed = Optional.of(new SizeSpec(
                    given.get("name").asText(),
                    given.get("width").asInt(),
                    given.get("layers").asInt(),
                    given.get("heads").asInt(),
                    given.get("intermediate").asInt()));
            return this;
        }

        @JsonProperty("recipe")
        Fields withRecipe(EmbeddingRecipe given) {
            this.recipe = Optional.of(given);
            return this;
        }

        EstimatorSpec build() {
            return new EstimatorSpec(estimator, pairs, batch, seed, probes, to, radius, embed, recipe);
        }
    }

    /** What this estimator measures: one result each. Embedded, an estimator that tells tensors apart tells the traces without tables too. */
    public List<Quantity> quantities() {
        List<Quantity> own = Objects.requireNonNull(QUANTITIES.get(estimator));
        return tellsLayers() && embed.isPresent()
                ? Stream.concat(own.stream(), WITHOUT_TABLES.stream()).toList()
                : own;
    }
}

package basin.study;

import static basin.study.Quantity.ADAPTIVE_SHARPNESS;
import static basin.study.Quantity.ADAPTIVE_TRACE;
import static basin.study.Quantity.AVERAGE_SHARPNESS;
import static basin.study.Quantity.DATA_FISHER_TRACE;
import static basin.study.Quantity.FISHER_TRACE;
import static basin.study.Quantity.HESSIAN_FISHER_GAP;
import static basin.study.Quantity.HESSIAN_TRACE;
import static basin.study.Quantity.HESSIAN_TRACE_PER_PARAMETER;
import static basin.study.Quantity.SAM_SHARPNESS;
import static basin.study.Quantity.TOP_EIGENVALUE;
import static basin.study.Quantity.WEIGHTED_TRACE;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A flatness estimator, with all its properties that are known before it runs. */
@SuppressWarnings("ImmutableEnumChecker") // Records of numbers, and an unmodifiable list of constants.
public enum Estimator {
    /** Several traces from the same batches and probes, by exact Hessian-vector products. */
    PAIRED(
            1,
            Form.TRACE,
            Minimum.USUAL,
            new Cost(1, 5),
            FISHER_TRACE,
            HESSIAN_TRACE,
            ADAPTIVE_TRACE,
            HESSIAN_FISHER_GAP),
    /** tr F from the gradients of labels drawn from the model. */
    FISHER_SAMPLED(1, Form.TRACE, Minimum.USUAL, new Cost(0, 1), FISHER_TRACE),
    /** tr F with the mean over labels estimated by a probe in logit space. */
    FISHER_OUTPUT(1, Form.TRACE, Minimum.USUAL, new Cost(0, 1), FISHER_TRACE),
    /** tr F from forward passes alone. */
    FISHER_FORWARD(1, Form.TRACE, Minimum.USUAL, Cost.FORWARD, FISHER_TRACE),
    /**
     * tr F from the squared norm of a batch's joint gradient. The estimate stays skewed however
     * large the batch is.
     */
    FISHER_BATCH(1, Form.TRACE, new Minimum(80, 640), new Cost(0, 1), FISHER_TRACE),
    /** tr F from a random selection of each batch, a quarter of it on average. */
    FISHER_SELECTED(1, Form.TRACE, Minimum.SELECTED, new Cost(1 / 3.0, 0.25), FISHER_TRACE),
    /**
     * The second moment of gradients with labels from the exact conditional, which the language
     * must have.
     */
    FISHER_SOFT(1, Form.TRACE, Minimum.USUAL, new Cost(0, 1), DATA_FISHER_TRACE),
    /**
     * tr H and its gap to tr F from forward passes, with further probes for a selection of four
     * times an eighth of the batch.
     */
    HESSIAN_REFINED(1, Form.TRACE, Minimum.SELECTED, new Cost(1 / 3.0, 1), HESSIAN_TRACE, HESSIAN_FISHER_GAP),
    /** tr H by Hutch++. A probe is three rounds of four Hessian-vector products. */
    HESSIAN_HUTCHPP(1, Form.TRACE, Minimum.USUAL, new Cost(0, 27), HESSIAN_TRACE),
    /** tr H by XTrace. A probe is two rounds of six Hessian-vector products. */
    HESSIAN_XTRACE(1, Form.TRACE, Minimum.USUAL, new Cost(0, 26), HESSIAN_TRACE),
    /** tr H by Hutchinson's estimator: exact Hessian-vector products with random signs. */
    HESSIAN_HUTCHINSON(1, Form.TRACE, Minimum.USUAL, new Cost(1, 2), HESSIAN_TRACE),
    /** tr H and its gap to tr F from forward passes alone. */
    HESSIAN_FORWARD(1, Form.TRACE, Minimum.USUAL, Cost.FORWARD, HESSIAN_TRACE, HESSIAN_FISHER_GAP),
    /** tr H as tr F plus the gap, with tr F from a probe in logit space. */
    HESSIAN_SPLIT(
            1, Form.TRACE, Minimum.USUAL, new Cost(1 / 3.0, 5 / 3.0), FISHER_TRACE, HESSIAN_TRACE, HESSIAN_FISHER_GAP),
    /** The adaptive trace by exact Hessian-vector products. */
    ADAPTIVE_EXACT(1, Form.TRACE, Minimum.USUAL, new Cost(1, 2), ADAPTIVE_TRACE),
    /** The adaptive trace from forward passes alone. */
    ADAPTIVE_FORWARD(1, Form.TRACE, Minimum.USUAL, Cost.FORWARD, ADAPTIVE_TRACE),
    /** Traces of every named tensor and of the whole network. */
    LAYERS_EXACT(
            1,
            Form.LAYERS,
            Minimum.USUAL,
            new Cost(0, 6),
            FISHER_TRACE,
            HESSIAN_TRACE,
            ADAPTIVE_TRACE,
            HESSIAN_TRACE_PER_PARAMETER,
            WEIGHTED_TRACE),
    /**
     * Eigenvalues and their density by the Lanczos method: 40 to 80 steps of one Hessian-vector
     * product each.
     */
    SPECTRUM_LANCZOS(1, Form.SPECTRUM, new Minimum(8, 640), new Cost(0, 60 * 3), TOP_EIGENVALUE),
    /** The mean rise of the loss under a normally distributed perturbation. */
    SHARPNESS_AVERAGE(1, Form.SHARPNESS, Minimum.USUAL, Cost.FORWARD, AVERAGE_SHARPNESS),
    /**
     * The mean rise of the loss under a normally distributed perturbation scaled by the weights.
     */
    SHARPNESS_ADAPTIVE(1, Form.SHARPNESS, Minimum.USUAL, Cost.FORWARD, ADAPTIVE_SHARPNESS),
    /** The rise of the loss along its gradient. */
    SHARPNESS_SAM(1, Form.SHARPNESS, Minimum.USUAL, new Cost(5 / 3.0, 0), SAM_SHARPNESS);

    private final String id;
    private final int version;
    private final Form form;
    private final Minimum min;
    private final Cost cost;
    private final List<Quantity> quantities;

    Estimator(int version, Form form, Minimum min, Cost cost, Quantity... quantities) {
        this.id = name().toLowerCase(Locale.ROOT).replace('_', '.');
        this.version = version;
        this.form = form;
        this.min = min;
        this.cost = cost;
        this.quantities = List.of(quantities);
    }

    /** The form of a result. It also determines which settings exist. */
    public enum Form {
        /** Traces, with one sample per probe. */
        TRACE,
        /** Traces of the whole network and of each tensor. */
        LAYERS,
        /** Eigenvalues and their density, with one Lanczos run per data set. */
        SPECTRUM,
        /** A rise of the loss at a radius. */
        SHARPNESS
    }

    /**
     * The smallest amount of data at which the interval's coverage has been shown.
     *
     * @param pairs batches, each with fresh probes; for a spectrum, data sets, each of which costs
     *     tens of Hessian-vector products
     * @param examples sentences over all pairs together
     */
    public record Minimum(int pairs, int examples) {
        /** The usual minimum, because the values of a pair are skewed. */
        public static final Minimum USUAL = new Minimum(40, 640);

        /**
         * A larger minimum, because a selection is a part of the batch and its weights are uneven.
         */
        static final Minimum SELECTED = new Minimum(40, 2560);
    }

    /**
     * The cost of an example, in gradients of that example. A forward pass costs a third. An exact
     * Hessian-vector product costs two, plus one for the graph that all products of a batch share.
     *
     * @param batch cost that all probes of a batch share
     * @param probe cost of each probe
     */
    public record Cost(double batch, double probe) {
        /** One forward pass that all probes share, and two for each probe. */
        static final Cost FORWARD = new Cost(1 / 3.0, 2 / 3.0);

        /** Returns the cost of an example with {@code probes} probes. */
        public double of(int probes) {
            return batch + probes * probe;
        }
    }

    /**
     * Returns the name in study files and in the record, derived from the constant's name, such as
     * {@code fisher.output}.
     */
    @JsonValue
    public String id() {
        return id;
    }

    /**
     * Returns the version of the method, from 1. It is raised whenever the same settings give
     * different numbers.
     */
    public int version() {
        return version;
    }

    /** Returns the smallest numbers of pairs and examples that are accepted. */
    public Minimum min() {
        return min;
    }

    /** Returns the cost of a measurement. */
    public Cost cost() {
        return cost;
    }

    /**
     * Returns the whole-network quantities that one measurement yields, in the order of the
     * results.
     */
    public List<Quantity> quantities() {
        return quantities;
    }

    /** Returns whether it measures the loss at a radius, which the study must then give. */
    public boolean hasRadius() {
        return form == Form.SHARPNESS;
    }

    /** Returns whether a study may choose its probes, or the error at which it ends. */
    public boolean hasProbes() {
        return form == Form.TRACE || form == Form.LAYERS;
    }

    /** Returns whether it also reports results for each tensor. */
    public boolean tellsLayers() {
        return form == Form.LAYERS;
    }

    /** Returns whether it measures eigenvalues and their density. */
    public boolean measuresSpectrum() {
        return form == Form.SPECTRUM;
    }

    /**
     * Returns whether it averages over a language's exact conditionals, and so cannot be used on a
     * text.
     */
    public boolean needsConditionals() {
        return this == FISHER_SOFT;
    }

    /**
     * Finds an estimator.
     *
     * @param id its name
     * @throws Refusal if no estimator has that name
     */
    @JsonCreator
    public static Estimator of(String id) {
        return Arrays.stream(values())
                .filter(known -> known.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new Refusal("flatness.estimator is '" + id + "': give one of "
                        + Arrays.stream(values()).map(Estimator::id).sorted().collect(Collectors.joining(", "))
                        + "."));
    }

    /** Returns the name as in study files. */
    @Override
    public String toString() {
        return id;
    }
}

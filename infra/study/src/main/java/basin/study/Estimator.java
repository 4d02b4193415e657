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

/** A way to estimate flatness, with all that can be said of it before it runs. */
@SuppressWarnings("ImmutableEnumChecker") // Records of numbers, and an unmodifiable list of constants.
public enum Estimator {
    /** Several traces from the same batches and probes, by exact products. */
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
    /** tr F with the mean over labels taken by a probe in the space of scores. */
    FISHER_OUTPUT(1, Form.TRACE, Minimum.USUAL, new Cost(0, 1), FISHER_TRACE),
    /** tr F from forward passes alone. */
    FISHER_FORWARD(1, Form.TRACE, Minimum.USUAL, Cost.FORWARD, FISHER_TRACE),
    /** tr F from the squared norm of a batch's joined gradient, which stays skewed however many examples it adds. */
    FISHER_BATCH(1, Form.TRACE, new Minimum(80, 640), new Cost(0, 1), FISHER_TRACE),
    /** tr F from a selection of each batch, a quarter of it on average. */
    FISHER_SELECTED(1, Form.TRACE, Minimum.SELECTED, new Cost(1 / 3.0, 0.25), FISHER_TRACE),
    /** The second moment of gradients with labels from the exact conditional, which the language must have. */
    FISHER_SOFT(1, Form.TRACE, Minimum.USUAL, new Cost(0, 1), DATA_FISHER_TRACE),
    /** tr H and its gap to tr F from forward passes, with further probes for a selection of four times an eighth of the batch. */
    HESSIAN_REFINED(1, Form.TRACE, Minimum.SELECTED, new Cost(1 / 3.0, 1), HESSIAN_TRACE, HESSIAN_FISHER_GAP),
    /** tr H by Hutch++: a probe is three rounds of four products. */
    HESSIAN_HUTCHPP(1, Form.TRACE, Minimum.USUAL, new Cost(0, 27), HESSIAN_TRACE),
    /** tr H by XTrace: a probe is two rounds of six products. */
    HESSIAN_XTRACE(1, Form.TRACE, Minimum.USUAL, new Cost(0, 26), HESSIAN_TRACE),
    /** tr H by exact products with random signs. */
    HESSIAN_HUTCHINSON(1, Form.TRACE, Minimum.USUAL, new Cost(1, 2), HESSIAN_TRACE),
    /** tr H and its gap to tr F from forward passes alone. */
    HESSIAN_FORWARD(1, Form.TRACE, Minimum.USUAL, Cost.FORWARD, HESSIAN_TRACE, HESSIAN_FISHER_GAP),
    /** tr H as tr F plus the gap, tr F by a probe in the space of scores. */
    HESSIAN_SPLIT(
            1, Form.TRACE, Minimum.USUAL, new Cost(1 / 3.0, 5 / 3.0), FISHER_TRACE, HESSIAN_TRACE, HESSIAN_FISHER_GAP),
    /** The adaptive trace by exact products. */
    ADAPTIVE_EXACT(1, Form.TRACE, Minimum.USUAL, new Cost(1, 2), ADAPTIVE_TRACE),
    /** The adaptive trace from forward passes alone. */
    ADAPTIVE_FORWARD(1, Form.TRACE, Minimum.USUAL, Cost.FORWARD, ADAPTIVE_TRACE),
    /** Traces of every named tensor, and of the whole. */
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
    /** Eigenvalues and their density by Lanczos's method: 40 to 80 steps of one product each. */
    SPECTRUM_LANCZOS(1, Form.SPECTRUM, new Minimum(8, 640), new Cost(0, 60 * 3), TOP_EIGENVALUE),
    /** The mean rise of the loss at normally distributed distances. */
    SHARPNESS_AVERAGE(1, Form.SHARPNESS, Minimum.USUAL, Cost.FORWARD, AVERAGE_SHARPNESS),
    /** The same with distances scaled by the weights. */
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

    /** The shape of a result, and with it which settings there are. */
    public enum Form {
        /** Traces, a sample a probe. */
        TRACE,
        /** Traces, tensor by tensor too. */
        LAYERS,
        /** Eigenvalues and their density, one run a data set. */
        SPECTRUM,
        /** A rise of the loss at a radius. */
        SHARPNESS
    }

    /**
     * The least data at which an interval has been shown to cover.
     *
     * @param pairs batches, each with fresh probes; data sets for a spectrum, of which each costs tens of products
     * @param examples sentences over all pairs together
     */
    public record Minimum(int pairs, int examples) {
        /** Values of a pair are skewed. */
        public static final Minimum USUAL = new Minimum(40, 640);

        /** A selection is a part of the batch, and its weights are uneven. */
        static final Minimum SELECTED = new Minimum(40, 2560);
    }

    /**
     * What an example costs, in its own gradients: a forward pass is a third of one, an exact product two beside one for the graph that
     * products of a batch share.
     *
     * @param batch what all probes of a batch share
     * @param probe each probe
     */
    public record Cost(double batch, double probe) {
        /** A forward pass that probes share, and two a probe. */
        static final Cost FORWARD = new Cost(1 / 3.0, 2 / 3.0);

        /** Of an example with so many probes. */
        public double of(int probes) {
            return batch + probes * probe;
        }
    }

    /** The name in study files and in the record: the constant's, such as {@code fisher.output}. */
    @JsonValue
    public String id() {
        return id;
    }

    /** The version of its method, from 1: raised whenever the same settings give other numbers than before. */
    public int version() {
        return version;
    }

    /** The least pairs and examples of a measurement; fewer are refused. */
    public Minimum min() {
        return min;
    }

    /** What a measurement costs. */
    public Cost cost() {
        return cost;
    }

    /** The quantities of the whole network that one measurement yields, in the order of the results. */
    public List<Quantity> quantities() {
        return quantities;
    }

    /** Whether it reads the loss at a radius, which a study then gives. */
    public boolean hasRadius() {
        return form == Form.SHARPNESS;
    }

    /** Whether a study may choose its probes, or the error at which it ends. */
    public boolean hasProbes() {
        return form == Form.TRACE || form == Form.LAYERS;
    }

    /** Whether its results are told tensor by tensor too. */
    public boolean tellsLayers() {
        return form == Form.LAYERS;
    }

    /** Whether it measures eigenvalues and their density. */
    public boolean measuresSpectrum() {
        return form == Form.SPECTRUM;
    }

    /** Whether it averages over a language's exact conditionals, and so cannot be asked of a text. */
    public boolean needsConditionals() {
        return this == FISHER_SOFT;
    }

    /**
     * Finds an estimator.
     *
     * @param id its name
     * @throws Refusal where there is none of that name
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

    /** The name, as in study files. */
    @Override
    public String toString() {
        return id;
    }
}

package basin.study;

import static basin.study.Checks.positive;
import static basin.study.Checks.require;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a run is trained: an optimiser, or something done over one. What is done over an optimiser is written from the outside in: an
 * average over an adversary over noise in the labels over SAM over an optimiser, each where it is wanted, so that one way of training has one form and hence
 * one id. In JSON an algorithm without parameters is its bare name, which is what the record held before there were others.
 *
 * <p>A field that is not known is refused in the record too: who ignored it would train something else. Immutable.
 */
public sealed interface AlgorithmSpec {
    /** The records by the name of their kind, from what stands innermost to what stands outermost. */
    Map<String, Class<? extends AlgorithmSpec>> KINDS = AlgorithmForm.kinds();

    /** What turns a gradient into a step. */
    sealed interface Optimiser extends AlgorithmSpec {}

    /** What is done over an optimiser, or over another modifier that stands further inside. */
    sealed interface Modifier extends AlgorithmSpec {
        /** What it is done over. */
        AlgorithmSpec over();
    }

    /** Returns the name of its kind. */
    default String kind() {
        return AlgorithmForm.kind(getClass());
    }

    /** Returns its fields in JSON, kind and base apart. */
    default Map<String, Object> parameters() {
        Map<String, Object> given = new TreeMap<>(Records.values((Record) this));
        given.values().removeIf(value -> value instanceof AlgorithmSpec || value.equals(Optional.empty()));
        given.replaceAll((name, value) -> value instanceof Optional<?> optional ? optional.orElseThrow() : value);
        return given;
    }

    /** Returns those of its fields that its name tells, in this order. */
    default Map<String, Object> reported() {
        return parameters();
    }

    /** What it is done over; absent for an optimiser. */
    private Optional<AlgorithmSpec> base() {
        return this instanceof Modifier own ? Optional.of(own.over()) : Optional.empty();
    }

    /**
     * Short and different for different algorithms: as it stands in labels, tables and metrics, such as {@code
     * sam(rho=0.05)+sgd(momentum=0.9)}. AdamW
     * is named only where it stands alone.
     */
    default String name() {
        String numbers = String.join(
                ",",
                reported().entrySet().stream()
                        .map(one -> one.getKey() + "="
                                + (one.getValue() instanceof Double number
                                        ? new BigDecimal(String.valueOf(number))
                                                .stripTrailingZeros()
                                                .toPlainString()
                                        : one.getValue()))
                        .toList());
        String own = numbers.isEmpty() ? kind() : kind() + "(" + numbers + ")";
        return base().filter(base -> !(base instanceof AdamW))
                .map(base -> own + "+" + base.name())
                .orElse(own);
    }

    /** Returns the part of that kind; empty where this algorithm has none. */
    default <T extends AlgorithmSpec> Optional<T> part(Class<T> kind) {
        return kind.isInstance(this) ? Optional.of(kind.cast(this)) : base().flatMap(base -> base.part(kind));
    }

    /** Returns the optimiser, which is innermost; AdamW where nothing is trained here. */
    default Optimiser optimiser() {
        return switch (this) {
            case Optimiser own -> own;
            case Modifier own -> own.over().optimiser();
            case LookupTable ignored -> new AdamW();
            case Other ignored -> new AdamW();
        };
    }

    /** Whether weights are trained; a table of the true conditionals has none. */
    default boolean isTrained() {
        return !(this instanceof LookupTable);
    }

    /** Whether it uses a downstream task in training. Such runs say nothing about how flatness predicts transfer to unseen tasks. */
    default boolean looksAtATask() {
        return part(Adversarial.class).isPresent();
    }

    /**
     * Returns the cost of a step in gradients of one batch: SAM takes two, and an adversary adds the gradient of its labelled sentences.
     *
     * @param batch sentences of a batch
     */
    default double gradientsAStep(int batch) {
        if (!isTrained()) {
            return 0;
        }
        double batches = 1
                + part(Adversarial.class)
                        .map(own -> (double) own.examples() / batch)
                        .orElse(0.0);
        return part(Sam.class).isPresent() ? 2 * batches : batches;
    }

    /** AdamW with the constants of {@link TrainingSpec}. */
    @JsonTypeName("adamw")
    record AdamW() implements Optimiser {}

    /**
     * Stochastic gradient descent, v ← μv + g, θ ← θ − rate·v, with the weight decay of {@link TrainingSpec} decoupled as in AdamW.
     *
     * @param momentum μ, from 0
     */
    @JsonTypeName("sgd")
    record Sgd(double momentum) implements Optimiser {
        public Sgd {
            within(0.0, 0.9999, "algorithms.momentum", momentum);
        }
    }

    /**
     * Sharpness-aware minimisation (Foret and others, arXiv 2010.01412, equation 3): the optimiser's step at θ with the same batch's
     * gradient at θ + ρg/‖g‖.
     *
     * @param rho ρ, how far, in the Euclidean norm of all parameters
     */
    @JsonTypeName("sam")
    record Sam(double rho, AlgorithmSpec over) implements Modifier {
        public Sam {
            positive("algorithms.rho", rho);
            checkOver("sam", over);
        }
    }

    /**
     * Noise in the labels: each hidden word of a batch is replaced, as what is to be predicted, by a uniformly drawn word of the vocabulary.
     *
     * @param probability with which a label is replaced; the drawn word may be the true one
     */
    @JsonTypeName("label-noise")
    record LabelNoise(double probability, AlgorithmSpec over) implements Modifier {
        public LabelNoise {
            positive("algorithms.probability", probability);
            within(0.0, 1.0, "algorithms.probability", probability);
            checkOver("label-noise", over);
        }
    }

    /**
     * An adversary of transfer: L − λ·V is minimised, V being what a ridge head, fitted in closed form to the states of seven eighths of held-out
     * labelled sentences, loses on the other eighth; arXiv 2210.14199. The head's loss is the mean squared error of labels as zeros and a one,
     * its features are the states of all tokens and a constant, and the sentences are drawn afresh at every step.
     *
     * @param weight λ
     * @param task whose labels the head is to be kept from finding
     * @param examples labelled sentences a step, a multiple of 8
     * @param ridge penalty of the head's squared weights, beside the mean over the fitted sentences
     * @param seed of the sentences
     */
    @JsonTypeName("adversarial")
    record Adversarial(
            double weight,
            TaskSpec task,
            int examples,
            @JsonProperty(defaultValue = "0.001") double ridge,
            long seed,
            AlgorithmSpec over)
            implements Modifier {
        public Adversarial {
            positive("algorithms.weight", weight);
            within(16, 4096, "algorithms.examples", examples);
            require(
                    examples % 8 == 0,
                    "algorithms.examples",
                    examples,
                    "give a multiple of 8, for seven eighths are fitted and one is looked at");
            positive("algorithms.ridge", ridge);
            checkOver("adversarial", over);
        }

        @Override
        public Map<String, Object> reported() {
            return new TreeMap<>(Map.of("task", task.name(), "weight", weight));
        }
    }

    /**
     * A checkpoint is the average of the weights after each step, and training itself goes on as without it. With a decay it is the
     * exponential average Σ dᵗ⁻ˢθ_s / Σ dᵗ⁻ˢ, which holds no share of weights before the first step averaged; without one the plain mean.
     *
     * @param decay d; the plain mean where it is absent
     * @param from share of the run's steps that are left out of the average; 0 where it is absent
     */
    @JsonTypeName("average")
    record Average(Optional<Double> decay, Optional<Double> from, AlgorithmSpec over) implements Modifier {
        public Average {
            require(
                    decay.isPresent() || from.isPresent(),
                    "algorithms.decay",
                    "absent",
                    "give a decay such as 0.99, or with 'from' the share of the steps after which the mean begins");
            decay.ifPresent(given -> {
                positive("algorithms.decay", given);
                within(0.0, 0.999999, "algorithms.decay", given);
            });
            from.ifPresent(given -> within(0.0, 0.999, "algorithms.from", given));
            checkOver("average", over);
        }

        /** Returns the last step that is left out of the average of a run of so many steps; the run's last step is always averaged. */
        public int leftOut(int steps) {
            return (int) Math.min(steps - 1L, Math.round(from.orElse(0.0) * steps));
        }
    }

    /**
     * No training at all: a table from every sentence and position to the true conditional, whose loss is the language's optimum. Its features
     * are the conditionals of all positions; a trace does not exist.
     */
    @JsonTypeName("lookup-table")
    record LookupTable() implements AlgorithmSpec {}

    /**
     * How another program trained, by the name that it gave.
     *
     * @param name 1 to 40 letters, digits, dots, dashes, plus signs or underscores
     */
    @JsonTypeName("other")
    record Other(String name) implements AlgorithmSpec {
        public Other {
            Checks.identifier("algorithms.name", name);
        }
    }

    private static void checkOver(String kind, AlgorithmSpec over) {
        require(
                List.copyOf(KINDS.keySet()).indexOf(over.kind())
                        < List.copyOf(KINDS.keySet()).indexOf(kind),
                "algorithms.base",
                "'" + over.kind() + "' within '" + kind + "'",
                "write it from the outside in, in the order average, adversarial, label-noise, sam, optimiser, and"
                        + " each once");
    }

    /** Returns its form in JSON: the bare name where it has no parameters, else an object in which an absent {@code base} means AdamW. */
    @JsonValue
    default Object form() {
        if (parameters().isEmpty() && base().isEmpty()) {
            return kind();
        }
        Map<String, Object> form = new TreeMap<>(parameters());
        form.put("kind", kind());
        base().filter(base -> !(base instanceof AdamW)).ifPresent(base -> form.put("base", base.form()));
        return form;
    }

    /**
     * Reads either form.
     *
     * @throws Refusal one sentence that names the field, the value and the fix
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static AlgorithmSpec of(JsonNode form) {
        return AlgorithmForm.read(form);
    }
}

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
 * A training algorithm: an optimiser, optionally wrapped in modifiers. The modifiers have a fixed
 * order from the outside in: an average, an adversary, label noise, SAM, then the optimiser. Thus
 * an algorithm has exactly one form and hence one id. In JSON, an algorithm without parameters is
 * its bare name. Old records contain only that form.
 *
 * <p>Unknown fields are refused, even in the record, because ignoring one would train something
 * else. Immutable.
 */
public sealed interface AlgorithmSpec {
    /** The records by the name of their kind, from the innermost to the outermost. */
    Map<String, Class<? extends AlgorithmSpec>> KINDS = AlgorithmForm.kinds();

    /** An optimiser, which turns a gradient into a step. */
    sealed interface Optimiser extends AlgorithmSpec {}

    /** A modification of an optimiser, or of another modifier further inside. */
    sealed interface Modifier extends AlgorithmSpec {
        /** Returns the algorithm that it modifies. */
        AlgorithmSpec over();
    }

    /** Returns the name of its kind. */
    default String kind() {
        return AlgorithmForm.kind(getClass());
    }

    /** Returns its fields in JSON, without the kind and the base. */
    default Map<String, Object> parameters() {
        Map<String, Object> given = new TreeMap<>(Records.values((Record) this));
        given.values().removeIf(value -> value instanceof AlgorithmSpec || value.equals(Optional.empty()));
        given.replaceAll((name, value) -> value instanceof Optional<?> optional ? optional.orElseThrow() : value);
        return given;
    }

    /** Returns the fields that its name includes, in this order. */
    default Map<String, Object> reported() {
        return parameters();
    }

    /** Returns the algorithm that it modifies; empty for an optimiser. */
    private Optional<AlgorithmSpec> base() {
        return this instanceof Modifier own ? Optional.of(own.over()) : Optional.empty();
    }

    /**
     * Returns a short name, different for different algorithms. Labels, tables and metrics use it,
     * for example {@code sam(rho=0.05)+sgd(momentum=0.9)}. AdamW is named only if it has no
     * modifier.
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

    /** Returns the part of that kind; empty if this algorithm has none. */
    default <T extends AlgorithmSpec> Optional<T> part(Class<T> kind) {
        return kind.isInstance(this) ? Optional.of(kind.cast(this)) : base().flatMap(base -> base.part(kind));
    }

    /** Returns the optimiser, which is innermost; AdamW if nothing is trained here. */
    default Optimiser optimiser() {
        return switch (this) {
            case Optimiser own -> own;
            case Modifier own -> own.over().optimiser();
            case LookupTable ignored -> new AdamW();
            case Other ignored -> new AdamW();
        };
    }

    /** Returns whether weights are trained. A table of the true conditionals has none. */
    default boolean isTrained() {
        return !(this instanceof LookupTable);
    }

    /**
     * Returns whether training uses a downstream task. Such runs say nothing about how flatness
     * predicts transfer to unseen tasks.
     */
    default boolean looksAtATask() {
        return part(Adversarial.class).isPresent();
    }

    /**
     * Returns the cost of a step in gradients of one batch. SAM takes two, and an adversary adds
     * the gradient of its labelled sentences.
     *
     * @param batch sentences in a batch
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
     * Stochastic gradient descent: v ← μv + g, θ ← θ − rate·v. The weight decay of {@link
     * TrainingSpec} is decoupled, as in AdamW.
     *
     * @param momentum μ, the share of the last step's direction that is kept, from 0
     */
    @JsonTypeName("sgd")
    record Sgd(double momentum) implements Optimiser {
        public Sgd {
            within(0.0, 0.9999, "algorithms.momentum", momentum);
        }
    }

    /**
     * Sharpness-aware minimisation (Foret et al., arXiv 2010.01412, equation 3). The optimiser's
     * step at θ uses the same batch's gradient at θ + ρg/‖g‖.
     *
     * @param rho ρ, the radius in the Euclidean norm of all parameters, without a unit
     */
    @JsonTypeName("sam")
    record Sam(double rho, AlgorithmSpec over) implements Modifier {
        public Sam {
            positive("algorithms.rho", rho);
            checkOver("sam", over);
        }
    }

    /**
     * Label noise: each hidden word of a batch is replaced, as a prediction target, by a word drawn
     * uniformly from the vocabulary.
     *
     * @param probability probability that a label is replaced; the drawn word may be the true one
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
     * Adversarial training against transfer, which minimises L − λ·V (arXiv 2210.14199). A ridge
     * head is fitted in closed form to the states of seven eighths of held-out labelled sentences,
     * and V is its loss on the other eighth. The head's loss is the mean squared error against
     * one-hot labels. Its features are the states of all tokens and a constant. The sentences are
     * drawn afresh at every step.
     *
     * @param weight λ, the weight of the adversary's loss, without a unit
     * @param task the task whose labels the head should fail to predict
     * @param examples labelled sentences per step, a multiple of 8
     * @param ridge penalty on the head's squared weights, in nats, added to the mean loss over the
     *     fitted sentences
     * @param seed seed of the sentences
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
     * Weight averaging: a checkpoint is the average of the weights after each step, and training
     * itself is unchanged. With a decay, it is the exponential average Σ dᵗ⁻ˢθ_s / Σ dᵗ⁻ˢ, which
     * contains no share of the weights before the first averaged step. Without a decay, it is the
     * plain mean.
     *
     * @param decay d, the share of the average that a step keeps; absent for the plain mean
     * @param from share of the run's steps that the average leaves out; 0 if absent
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

        /**
         * Returns the last step that the average of a run of {@code steps} steps leaves out. The
         * run's last step is always averaged.
         */
        public int leftOut(int steps) {
            return (int) Math.min(steps - 1L, Math.round(from.orElse(0.0) * steps));
        }
    }

    /**
     * A table from every sentence and position to the true conditional, without training. Its loss
     * is the language's optimum. Its features are the conditionals of all positions. It has no
     * traces.
     */
    @JsonTypeName("lookup-table")
    record LookupTable() implements AlgorithmSpec {}

    /**
     * An algorithm of another program, identified by the name that the program gave.
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

    /**
     * Returns its JSON form: the bare name if it has no parameters, otherwise an object in which an
     * absent {@code base} means AdamW.
     */
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
     * Reads either JSON form.
     *
     * @throws Refusal if the form is no algorithm; one sentence with the field, the value and the
     *     fix
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static AlgorithmSpec of(JsonNode form) {
        return AlgorithmForm.read(form);
    }
}

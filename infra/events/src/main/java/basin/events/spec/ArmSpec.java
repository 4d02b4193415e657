package basin.events.spec;

import static basin.events.spec.InvalidSpecException.positive;
import static basin.events.spec.InvalidSpecException.require;
import static basin.events.spec.InvalidSpecException.within;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An algorithm of a study's grid, where it is to have rates or steps of its own with these: what is a good rate of one algorithm is none of
 * another. In JSON the algorithm's own form, with {@code rates} and {@code steps} beside its parameters. Immutable.
 *
 * @param rates peak learning rates instead of the study's
 * @param steps optimiser steps instead of the study's
 */
public record ArmSpec(AlgorithmSpec algorithm, Optional<List<Double>> rates, Optional<Integer> steps) {
    private static final String RATES = "rates";
    private static final String STEPS = "steps";

    /** With the study's own number of steps. */
    public ArmSpec(AlgorithmSpec algorithm, Optional<List<Double>> rates) {
        this(algorithm, rates, Optional.empty());
    }

    public ArmSpec {
        steps.ifPresent(own -> {
            require(
                    algorithm.isTrained(),
                    "algorithms.steps",
                    own,
                    "leave it out, for '" + algorithm.name() + "' is not trained");
            within(1, 10_000_000, "algorithms.steps", own);
        });
        rates = rates.map(List::copyOf);
        require(
                algorithm.isTrained() || rates.isEmpty(),
                "algorithms.rates",
                rates.map(List::toString).orElse(""),
                "leave it out, for '" + algorithm.name() + "' is not trained");
        rates.ifPresent(own -> {
            require(!own.isEmpty(), "algorithms.rates", "empty", "name at least one");
            own.forEach(rate -> positive("algorithms.rates", rate));
            require(own.stream().distinct().count() == own.size(), "algorithms.rates", own, "name each once");
        });
    }

    /** The form in JSON. */
    @JsonValue
    public Object form() {
        if (rates.isEmpty() && steps.isEmpty()) {
            return algorithm.form();
        }
        Map<String, Object> form = new TreeMap<>();
        if (algorithm.form() instanceof Map<?, ?> fields) {
            fields.forEach((name, value) -> form.put(String.valueOf(name), value));
        } else {
            form.put("kind", algorithm.kind());
        }
        rates.ifPresent(own -> form.put(RATES, own));
        steps.ifPresent(own -> form.put(STEPS, own));
        return form;
    }

    /**
     * Reads it.
     *
     * @throws InvalidSpecException one sentence that names the field, the value and the fix
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ArmSpec of(JsonNode form) {
        if (!(form instanceof ObjectNode fields) || !(fields.has(RATES) || fields.has(STEPS))) {
            return new ArmSpec(AlgorithmSpec.of(form), Optional.empty());
        }
        ObjectNode rest = fields.deepCopy();
        rest.remove(List.of(RATES, STEPS));
        return new ArmSpec(
                AlgorithmSpec.of(rest),
                Optional.ofNullable(fields.get(RATES)).map(ArmSpec::numbers),
                Optional.ofNullable(fields.get(STEPS)).map(ArmSpec::whole));
    }

    private static List<Double> numbers(JsonNode rates) {
        List<JsonNode> own = rates.isArray() ? List.copyOf(rates.valueStream().toList()) : List.of();
        require(
                rates.isArray() && own.stream().allMatch(JsonNode::isNumber),
                "algorithms.rates",
                rates,
                "give a list of numbers, such as [0.1, 0.3]");
        return own.stream().map(JsonNode::asDouble).toList();
    }

    private static int whole(JsonNode steps) {
        require(
                steps.isIntegralNumber() && steps.canConvertToInt(),
                "algorithms.steps",
                steps,
                "give a whole number of at least 1");
        return steps.asInt();
    }

    /** The peak learning rates with which this algorithm is run. */
    public List<Double> ratesOr(List<Double> common) {
        return rates.orElse(common);
    }
}

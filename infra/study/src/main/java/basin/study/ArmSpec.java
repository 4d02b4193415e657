package basin.study;

import static basin.study.Checks.positive;
import static basin.study.Checks.require;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An algorithm of a study's grid, optionally with its own learning rates, steps or schedule,
 * because a good rate for one algorithm may be a bad one for another. Its JSON form is the
 * algorithm's form with {@code learningRates}, {@code steps} and {@code schedule} beside the
 * parameters. Immutable.
 *
 * @param learningRates peak learning rates, without a unit, instead of the study's
 * @param steps optimiser steps, instead of the study's
 * @param schedule learning-rate schedule, instead of the study's
 */
public record ArmSpec(
        AlgorithmSpec algorithm,
        Optional<List<Double>> learningRates,
        Optional<Integer> steps,
        Optional<Schedule> schedule) {
    private static final String RATES = "learningRates";
    private static final String STEPS = "steps";
    private static final String SCHEDULE = "schedule";
    private static final List<String> OWN = List.of(RATES, STEPS, SCHEDULE);

    /** Creates an arm with the study's rates, steps and schedule. */
    public ArmSpec(AlgorithmSpec algorithm) {
        this(algorithm, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public ArmSpec {
        learningRates = learningRates.map(List::copyOf);
        learningRates.ifPresent(own -> trained(RATES, own, algorithm));
        steps.ifPresent(own -> trained(STEPS, own, algorithm));
        schedule.ifPresent(own -> trained(SCHEDULE, own, algorithm));
        steps.ifPresent(own -> within(1, 10_000_000, "algorithms.steps", own));
        learningRates.ifPresent(own -> {
            require(!own.isEmpty(), "algorithms.learningRates", "empty", "name at least one");
            own.forEach(learningRate -> positive("algorithms.learningRates", learningRate));
            require(own.stream().distinct().count() == own.size(), "algorithms.learningRates", own, "name each once");
        });
    }

    private static void trained(String field, Object own, AlgorithmSpec algorithm) {
        require(
                algorithm.isTrained(),
                "algorithms." + field,
                own,
                "leave it out, for '" + algorithm.name() + "' is not trained");
    }

    /** Returns its JSON form. */
    @JsonValue
    public Object form() {
        Map<String, Object> form = new TreeMap<>(Map.of("kind", algorithm.kind()));
        if (algorithm.form() instanceof Map<?, ?> fields) {
            fields.forEach((name, value) -> form.put(String.valueOf(name), value));
        }
        learningRates.ifPresent(own -> form.put(RATES, own));
        steps.ifPresent(own -> form.put(STEPS, own));
        schedule.ifPresent(own -> form.put(SCHEDULE, own));
        return form.size() == 1 ? algorithm.form() : form;
    }

    /**
     * Reads an arm from its JSON form.
     *
     * @throws Refusal if the form is no arm; one sentence with the field, the value and the fix
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ArmSpec of(JsonNode form) {
        if (!(form instanceof ObjectNode fields) || OWN.stream().noneMatch(fields::has)) {
            return new ArmSpec(AlgorithmSpec.of(form));
        }
        ObjectNode rest = fields.deepCopy();
        rest.remove(OWN);
        return new ArmSpec(
                AlgorithmSpec.of(rest),
                Optional.ofNullable(fields.get(RATES)).map(ArmSpec::numbers),
                Optional.ofNullable(fields.get(STEPS)).map(ArmSpec::whole),
                Optional.ofNullable(fields.get(SCHEDULE)).map(ArmSpec::schedule));
    }

    private static List<Double> numbers(JsonNode learningRates) {
        List<JsonNode> own = learningRates.isArray()
                ? List.copyOf(learningRates.valueStream().toList())
                : List.of();
        require(
                learningRates.isArray() && own.stream().allMatch(JsonNode::isNumber),
                "algorithms.learningRates",
                learningRates,
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

    private static Schedule schedule(JsonNode named) {
        return Arrays.stream(Schedule.values())
                .filter(one -> one.name().equalsIgnoreCase(named.asText()))
                .findFirst()
                .orElseThrow(() -> new Refusal("algorithms.schedule is " + named + ": give one of constant, linear."));
    }

    /** Returns a copy of this arm with other rates. */
    public ArmSpec at(Optional<List<Double>> others) {
        return new ArmSpec(algorithm, others, steps, schedule);
    }

    /** Returns the training settings of its runs, given those of the study. */
    public TrainingSpec training(TrainingSpec common) {
        return common.with(steps.orElse(common.steps()), schedule.orElse(common.schedule()));
    }

    /**
     * Returns its own steps and schedule for display: empty, or for example {@code " · 4000 steps ·
     * constant rate"}.
     */
    public String departures() {
        return steps.map(own -> " · " + own + " steps").orElse("")
                + schedule.map(own -> " · " + own.name().toLowerCase(Locale.ROOT) + " rate")
                        .orElse("");
    }

    /** Returns the peak learning rates of this algorithm's runs. */
    public List<Double> learningRatesOr(List<Double> common) {
        return learningRates.orElse(common);
    }
}

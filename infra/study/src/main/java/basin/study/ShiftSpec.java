package basin.study;

import static basin.study.Checks.require;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * A distribution shift: the difference between the grammar of a task's test sentences and the one
 * that networks and classifiers were trained on.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ShiftSpec.Reweighted.class, name = "reweighted"),
    @JsonSubTypes.Type(value = ShiftSpec.Reversed.class, name = "reversed"),
    @JsonSubTypes.Type(value = ShiftSpec.Extended.class, name = "extended")
})
public sealed interface ShiftSpec {

    /** Returns whether all test sentences are outside the language. */
    default boolean beyondTheLanguage() {
        return !(this instanceof Reweighted);
    }

    /**
     * The same rules with other probabilities.
     *
     * @param strength standard deviation of the logarithm of the factor by which each probability
     *     is multiplied
     * @param seed seed of the factors
     */
    record Reweighted(double strength, long seed) implements ShiftSpec {
        public Reweighted {
            require(
                    strength > 0 && strength <= 10,
                    "tasks.shift.strength",
                    strength,
                    "give a number above 0, up to 10");
        }
    }

    /**
     * Some rules with reversed right-hand sides.
     *
     * @param rules number of reversed rules
     * @param seed seed of the choice of rules
     */
    record Reversed(int rules, long seed) implements ShiftSpec {
        public Reversed {
            within(1, 200_000, "tasks.shift.rules", rules);
        }
    }

    /**
     * Additional rules, each of which begins like one rule of its non-terminal and continues like
     * another.
     *
     * @param rules number of additional rules
     * @param seed seed of the choice of rules
     */
    record Extended(int rules, long seed) implements ShiftSpec {
        public Extended {
            within(1, 200_000, "tasks.shift.rules", rules);
        }
    }
}

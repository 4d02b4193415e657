package basin.study;

import static basin.study.Checks.require;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How the grammar that a task's test sentences come from differs from the one that networks and classifiers were trained on. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ShiftSpec.Reweighted.class, name = "reweighted"),
    @JsonSubTypes.Type(value = ShiftSpec.Reversed.class, name = "reversed"),
    @JsonSubTypes.Type(value = ShiftSpec.Extended.class, name = "extended")
})
public sealed interface ShiftSpec {

    /** Whether only sentences that the language lacks are asked about. */
    default boolean beyondTheLanguage() {
        return !(this instanceof Reweighted);
    }

    /**
     * The same rules with other probabilities.
     *
     * @param strength standard deviation of the logarithm of the factor by which each probability is multiplied
     * @param seed draws the factors
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
     * Some rules with their right-hand sides turned round.
     *
     * @param rules how many
     * @param seed draws which
     */
    record Reversed(int rules, long seed) implements ShiftSpec {
        public Reversed {
            within(1, 200_000, "tasks.shift.rules", rules);
        }
    }

    /**
     * Some rules more, each of which begins like one rule of its non-terminal and goes on like another.
     *
     * @param rules how many
     * @param seed draws which
     */
    record Extended(int rules, long seed) implements ShiftSpec {
        public Extended {
            within(1, 200_000, "tasks.shift.rules", rules);
        }
    }
}

package basin.events.spec;

import static basin.events.spec.InvalidSpecException.identifier;
import static basin.events.spec.InvalidSpecException.require;
import static basin.events.spec.InvalidSpecException.within;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonPOJOBuilder;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A task: name what a span of the sentence has, be it the non-terminal of a grammar over it or the hidden state behind its one word.
 *
 * @param name shown on plots and as a metric label
 * @param start first position of the span, 0-based, in words
 * @param length length of the span in words; 0 means to the end of the sentence
 * @param label what counts as right
 * @param shift what the test sentences come from, where that is another grammar; absent where it is the language itself, and its form in
 *     the record is without the field
 */
@JsonDeserialize(builder = TaskSpec.Fields.class)
public record TaskSpec(
        String name,
        int start,
        int length,
        Label label,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ShiftSpec> shift) {
    public TaskSpec {
        identifier("tasks.name", name);
        within(0, 10_000, "tasks.start", start);
        within(0, 10_000, "tasks.length", length);
    }

    /** A task whose test sentences are of the language itself. */
    public TaskSpec(String name, int start, int length, Label label) {
        this(name, start, length, label, Optional.empty());
    }

    /** The fields as they are read: every field must be there but the shift. Creators of records have no such choice. */
    @JsonPOJOBuilder
    static final class Fields {
        private final String name;
        private final int start;
        private final int length;
        private final Label label;
        private Optional<ShiftSpec> shift = Optional.empty();

        // Nodes, so that what is wrong with one is told under its own name.
        @JsonCreator
        Fields(
                @JsonProperty("name") String name,
                @JsonProperty("start") JsonNode start,
                @JsonProperty("length") JsonNode length,
                @JsonProperty("label") JsonNode label) {
            this.name = name;
            this.start = whole("tasks.start", start);
            this.length = whole("tasks.length", length);
            this.label = Arrays.stream(Label.values())
                    .filter(known -> known.name().equalsIgnoreCase(label.asText()))
                    .findFirst()
                    .orElseThrow(() -> new InvalidSpecException("tasks.label is '" + label.asText() + "': give "
                            + Arrays.stream(Label.values())
                                    .map(known -> known.name().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(", "))
                            + "."));
        }

        private static int whole(String field, JsonNode given) {
            require(
                    given.canConvertToInt() && given.canConvertToExactIntegral(),
                    field,
                    "'" + given.asText() + "'",
                    "give a whole number");
            return given.asInt();
        }

        @JsonProperty("shift")
        Fields withShift(ShiftSpec given) {
            this.shift = Optional.of(given);
            return this;
        }

        TaskSpec build() {
            return new TaskSpec(name, start, length, label, shift);
        }
    }

    /** What the label is. Every language has some of them: see the documentation of study files. */
    public enum Label {
        /** The one with the largest inside probability of the span: a function of the span's words. */
        INSIDE,
        /** The one that the derivation really used; spans that are no constituent are left out and counted. */
        ANCESTOR,
        /** The hidden state that the span's one word was emitted from. */
        STATE,
        /** The hidden state that is most likely given the whole sentence: a function of its words. */
        LIKELIEST,
        /** How many brackets open within the span. */
        OPENINGS
    }
}

package basin.events.spec;

import static basin.events.spec.Checks.identifier;
import static basin.events.spec.Checks.require;
import static basin.events.spec.Checks.within;

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
 * The size of a network.
 *
 * @param name shown on plots and as a metric label
 * @param width hidden units, of an LSTM in each direction; of a transformer a multiple of {@code heads}
 * @param layers layers
 * @param heads attention heads a layer; an LSTM has none, and its form in the record is without the field
 * @param intermediate hidden units of a transformer's feed-forward block; 0 means four times the width; an LSTM has none, and its form in the
 *     record is without the field
 * @param architecture absent where it is a transformer, and its form in the record is without the field
 */
@JsonDeserialize(builder = SizeSpec.Fields.class)
public record SizeSpec(
        String name,
        int width,
        int layers,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int heads,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int intermediate,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Architecture> architecture) {
    public SizeSpec {
        identifier("sizes.name", name);
        within(1, 8192, "sizes.width", width);
        within(1, 200, "sizes.layers", layers);
        // The same architecture has one form only, whether it is said or not.
        architecture = architecture.filter(one -> one != Architecture.TRANSFORMER);
        if (architecture.isPresent()) {
            none("sizes.heads", heads, name);
            none("sizes.intermediate", intermediate, name);
        } else {
            within(1, 256, "sizes.heads", heads);
            require(
                    width % heads == 0,
                    "sizes.heads",
                    heads,
                    "give a number of heads that divides the width, " + width + ", of size '" + name + "'");
            within(0, 65_536, "sizes.intermediate", intermediate);
            intermediate = intermediate == 0 ? 4 * width : intermediate;
        }
    }

    /** The size of a transformer. */
    public SizeSpec(String name, int width, int layers, int heads, int intermediate) {
        this(name, width, layers, heads, intermediate, Optional.empty());
    }

    private static void none(String field, int given, String name) {
        require(given == 0, field, given, "leave it out of size '" + name + "', for an LSTM has none");
    }

    /** What the network is made of. */
    public Architecture madeOf() {
        return architecture.orElse(Architecture.TRANSFORMER);
    }

    /**
     * The fields as they are read: those of a transformer must all be there but the architecture, those of an LSTM but heads and intermediate.
     * Creators of records have no such choice.
     */
    @JsonPOJOBuilder
    static final class Fields {
        private final String name;
        private final int width;
        private final int layers;
        private Optional<Integer> heads = Optional.empty();
        private Optional<Integer> intermediate = Optional.empty();
        private Optional<Architecture> architecture = Optional.empty();

        @JsonCreator
        Fields(
                @JsonProperty("name") String name,
                @JsonProperty("width") int width,
                @JsonProperty("layers") int layers) {
            this.name = name;
            this.width = width;
            this.layers = layers;
        }

        @JsonProperty("heads")
        Fields withHeads(int given) {
            this.heads = Optional.of(given);
            return this;
        }

        @JsonProperty("intermediate")
        Fields withIntermediate(int given) {
            this.intermediate = Optional.of(given);
            return this;
        }

        @JsonProperty("architecture")
        Fields withArchitecture(JsonNode given) {
            this.architecture = Optional.of(Arrays.stream(Architecture.values())
                    .filter(known -> known.name().equalsIgnoreCase(given.asText()))
                    .findFirst()
                    .orElseThrow(() -> new Refusal("sizes.architecture is '" + given.asText() + "': give "
                            + Arrays.stream(Architecture.values())
                                    .map(known -> known.name().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(" or "))
                            + ".")));
            return this;
        }

        SizeSpec build() {
            boolean attends = architecture.orElse(Architecture.TRANSFORMER) == Architecture.TRANSFORMER;
            return new SizeSpec(
                    name,
                    width,
                    layers,
                    heads.orElseGet(() -> absent(attends, "sizes.heads")),
                    intermediate.orElseGet(() -> absent(attends, "sizes.intermediate")),
                    architecture);
        }

        private int absent(boolean needed, String field) {
            if (needed) {
                throw new Refusal("field '" + field + "' is missing in size '" + name
                        + "': give it a value, for a transformer has one.");
            }
            return 0;
        }
    }
}

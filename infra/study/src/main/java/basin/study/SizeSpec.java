package basin.study;

import static basin.study.Checks.identifier;
import static basin.study.Checks.require;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

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
            require(
                    heads != 0,
                    "sizes.heads",
                    "absent or 0 in size '" + name + "'",
                    "give a whole number from 1 to 256, for a transformer has heads");
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
}

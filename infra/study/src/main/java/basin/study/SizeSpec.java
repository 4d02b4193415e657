package basin.study;

import static basin.study.Checks.identifier;
import static basin.study.Checks.require;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * The size of a network.
 *
 * @param name name for plots and metric labels
 * @param width hidden units, for an LSTM in each direction; for a transformer a multiple of {@code
 *     heads}
 * @param layers layers
 * @param heads attention heads per layer; an LSTM has none, and the field is then left out of the
 *     record's JSON
 * @param intermediate hidden units of a transformer's feed-forward block; 0 means four times the
 *     width; an LSTM has none, and the field is then left out of the record's JSON
 * @param architecture absent for a transformer, and then left out of the record's JSON
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
        // The same architecture has only one form, whether or not the default is written out.
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

    /** Creates the size of a transformer. */
    public SizeSpec(String name, int width, int layers, int heads, int intermediate) {
        this(name, width, layers, heads, intermediate, Optional.empty());
    }

    private static void none(String field, int given, String name) {
        require(given == 0, field, given, "leave it out of size '" + name + "', for an LSTM has none");
    }

    /** Returns the architecture of the network. */
    public Architecture madeOf() {
        return architecture.orElse(Architecture.TRANSFORMER);
    }
}

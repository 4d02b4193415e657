package basin.events.spec;

import static basin.events.spec.InvalidSpecException.identifier;
import static basin.events.spec.InvalidSpecException.require;
import static basin.events.spec.InvalidSpecException.within;

/**
 * The size of a BERT-style pre-LN encoder.
 *
 * @param name shown on plots and as a metric label
 * @param width hidden units; a multiple of {@code heads}
 * @param layers transformer layers
 * @param heads attention heads a layer
 * @param intermediate hidden units of the feed-forward block; 0 means four times the width
 */
public record SizeSpec(String name, int width, int layers, int heads, int intermediate) {
    public SizeSpec {
        identifier("sizes.name", name);
        within(1, 8192, "sizes.width", width);
        within(1, 200, "sizes.layers", layers);
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

package basin.network;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The attention of one layer of a transformer. Immutable; thread-safe.
 *
 * @param heads heads of queries
 * @param keyHeads heads of keys and values; divides {@code heads}, and consecutive heads share one
 * @param headWidth dimensions of a head
 * @param scale factor on the scores
 * @param reach largest distance, in tokens, of a key that a query sees; {@link #EVERYWHERE} if
 *     there is no limit
 * @param rotary rotary positions; empty if queries and keys have none
 */
public record Attention(int heads, int keyHeads, int headWidth, double scale, int reach, Optional<Rotary> rotary) {
    /** The reach of a query that sees keys at every distance. */
    public static final int EVERYWHERE = Integer.MAX_VALUE;

    /** Returns attention in heads of the usual scale, without rotary positions. */
    public static Attention of(int heads, int keyHeads, int headWidth) {
        return new Attention(
                heads, keyHeads, headWidth, 1 / Math.sqrt((double) headWidth), EVERYWHERE, Optional.empty());
    }

    /** Returns equal layers in which the heads divide the width, without rotary positions. */
    public static List<Attention> layers(int layers, int heads, int width) {
        return Collections.nCopies(layers, of(heads, heads, width / heads));
    }

    /** Returns the same attention with scores multiplied by another factor. */
    public Attention scaledBy(double factor) {
        return new Attention(heads, keyHeads, headWidth, factor, reach, rotary);
    }

    /** Returns the same attention with a limit to the distance of keys. */
    public Attention within(int distance) {
        return new Attention(heads, keyHeads, headWidth, scale, distance, rotary);
    }

    /** Returns the same attention with rotary positions. */
    public Attention with(Rotary positions) {
        return new Attention(heads, keyHeads, headWidth, scale, reach, Optional.of(positions));
    }

    /** Returns the number of all heads' dimensions together, in queries and in the result. */
    public int width() {
        return Math.multiplyExact(heads, headWidth);
    }

    /** Returns the number of all heads' dimensions together, in keys and in values. */
    public int keyWidth() {
        return Math.multiplyExact(keyHeads, headWidth);
    }
}

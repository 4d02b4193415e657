package basin.flatness.estimator;

import basin.network.TokenBatch;
import basin.network.folder.TextFile;
import basin.network.folder.TextTokenizer;
import basin.study.Seeds;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Batches of a text's lines, drawn with replacement: the text is the population. A causal network predicts every next token; another
 * one token of a line, masked at a place that the seed draws. Thread-safe.
 */
public final class TextBatches implements BatchSource {
    private final TextFile text;
    private final int mask;
    private final int size;
    private final long seed;

    private TextBatches(TextFile text, int mask, int size, long seed) {
        this.text = text;
        this.mask = mask;
        this.size = size;
        this.seed = seed;
    }

    /** Of a network that predicts the next token. */
    public static TextBatches causal(TextFile text, int size, long seed) {
        return new TextBatches(text, -1, size, seed);
    }

    /**
     * Of a network that predicts a masked token.
     *
     * @param mask the token in its place
     */
    public static TextBatches masked(TextFile text, int mask, int size, long seed) {
        return new TextBatches(text, mask, size, seed);
    }

    @Override
    public TokenBatch batch(int pair) {
        RandomGenerator random = Seeds.generator(seed, "flatness.text", pair);
        int[][] rows = new int[size][];
        IntStream.Builder sequences = IntStream.builder();
        IntStream.Builder places = IntStream.builder();
        IntStream.Builder labels = IntStream.builder();
        for (int i = 0; i < size; i++) {
            TextTokenizer.Line line =
                    text.lines().get(random.nextInt(text.lines().size()));
            rows[i] = line.ids().clone();
            if (mask < 0) {
                for (int at = 1; at < rows[i].length; at++) {
                    sequences.add(i);
                    places.add(at - 1);
                    labels.add(rows[i][at]);
                }
            } else {
                int[] open = IntStream.range(0, rows[i].length)
                        .filter(at -> !line.special()[at])
                        .toArray();
                int place = open[random.nextInt(open.length)];
                sequences.add(i);
                places.add(place);
                labels.add(rows[i][place]);
                rows[i][place] = mask;
            }
        }
        return TokenBatch.of(
                rows,
                sequences.build().toArray(),
                places.build().toArray(),
                labels.build().toArray());
    }
}

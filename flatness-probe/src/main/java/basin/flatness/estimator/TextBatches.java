package basin.flatness.estimator;

import basin.lm.Seeds;
import basin.lm.model.TextFile;
import basin.lm.model.TextTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Batches of a text's lines, drawn with replacement: the text is the population. A causal network predicts every next token; another
 * one token of a line, masked at a place that the seed draws. Thread-safe.
 */
public final class TextBatches implements BatchSource<TokenSequences> {
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
    public TokenSequences batch(int pair) {
        RandomGenerator random = Seeds.generator(seed, "flatness.text", pair);
        List<TokenSequences.Example> examples = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            TextTokenizer.Line line =
                    text.lines().get(random.nextInt(text.lines().size()));
            examples.add(mask < 0 ? causal(line) : masked(line, random));
        }
        return new TokenSequences(examples);
    }

    private static TokenSequences.Example causal(TextTokenizer.Line line) {
        int[] ids = line.ids();
        return new TokenSequences.Example(
                ids,
                IntStream.range(0, ids.length - 1).toArray(),
                IntStream.range(1, ids.length).map(at -> ids[at]).toArray());
    }

    private TokenSequences.Example masked(TextTokenizer.Line line, RandomGenerator random) {
        int[] open = IntStream.range(0, line.ids().length)
                .filter(at -> !line.special()[at])
                .toArray();
        int place = open[random.nextInt(open.length)];
        int[] tokens = line.ids().clone();
        tokens[place] = mask;
        return new TokenSequences.Example(tokens, new int[] {place}, new int[] {line.ids()[place]});
    }
}

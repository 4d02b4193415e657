package basin.flatness.estimator;

import basin.lm.model.PlacedTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sequences of tokens as a network reads them, each with the places at which a token is predicted and what stands there: the token seen, or a
 * distribution. Immutable.
 */
public final class TokenSequences implements Batch<TokenSequences> {
    private final List<Example> examples;

    /**
     * One sequence. Its arrays are not to be changed.
     *
     * @param tokens with the mask in the hidden token's place
     * @param places where scores are asked for, from 0, at least one
     * @param firsts one a place: the token that the target's first entry belongs to
     * @param targets one a place: the probabilities of consecutive tokens from there on, which sum to one
     */
    @SuppressWarnings("ArrayRecordComponent") // Made once and read often.
    public record Example(int[] tokens, int[] places, int[] firsts, double[][] targets) {
        private static final double[] CERTAIN = {1};

        public Example {
            if (places.length == 0 || places.length != firsts.length || places.length != targets.length) {
                throw new IllegalArgumentException("A sequence has " + places.length + " places, " + firsts.length
                        + " first tokens and " + targets.length + " targets: give as many of each, at least one.");
            }
        }

        /**
         * One of which tokens were seen.
         *
         * @param labels one a place
         */
        public Example(int[] tokens, int[] places, int[] labels) {
            this(
                    tokens,
                    places,
                    labels,
                    IntStream.range(0, labels.length).mapToObj(at -> CERTAIN).toArray(double[][]::new));
        }
    }

    /** At least one sequence. */
    public TokenSequences(List<Example> examples) {
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("A batch has no sequence: give at least one.");
        }
        this.examples = List.copyOf(examples);
    }

    @Override
    public int size() {
        return examples.size();
    }

    /** One of them, from 0. */
    public Example example(int number) {
        return examples.get(number);
    }

    @Override
    public TokenSequences part(int from, int to) {
        return new TokenSequences(examples.subList(from, to));
    }

    @Override
    public TokenSequences only(int... numbers) {
        return new TokenSequences(Arrays.stream(numbers).mapToObj(examples::get).toList());
    }

    /** Predictions of all examples. */
    int predictions() {
        return examples.stream().mapToInt(one -> one.places().length).sum();
    }

    /** The same as a network takes them, its places example by example. */
    public PlacedTokens placed(int filler) {
        List<int[]> rows = new ArrayList<>();
        IntStream.Builder sequences = IntStream.builder();
        IntStream.Builder places = IntStream.builder();
        for (Example one : examples) {
            for (int place : one.places()) {
                sequences.add(rows.size());
                places.add(place);
            }
            rows.add(one.tokens());
        }
        return new PlacedTokens(
                rows.toArray(int[][]::new),
                sequences.build().toArray(),
                places.build().toArray(),
                filler);
    }
}

package basin.lm.model;

import basin.lm.network.TokenBatch;
import java.util.Arrays;

/** Sequences of tokens, filled up to one length, and the places in them at which tokens are predicted. Immutable. */
public final class PlacedTokens {
    private final int size;
    private final int length;
    private final long[] tokens;
    private final int[] lengths;
    private final int[] sequences;
    private final int[] positions;

    /**
     * @param rows the tokens of each sequence as the network reads them, at least one sequence of at least one token
     * @param sequences for every place, the sequence that it lies in
     * @param positions for every place, where in its sequence, from 0: the network's scores there are asked for
     * @param filler token behind the end of shorter sequences; the network does not look at it
     */
    public PlacedTokens(int[][] rows, int[] sequences, int[] positions, int filler) {
        size = rows.length;
        length = Arrays.stream(rows).mapToInt(row -> row.length).max().orElse(0);
        if (Arrays.stream(rows).anyMatch(row -> row.length == 0) || size == 0) {
            throw new IllegalArgumentException("a sequence of tokens is empty: give at least one token.");
        }
        if (sequences.length != positions.length || sequences.length == 0) {
            throw new IllegalArgumentException(sequences.length + " sequences and " + positions.length
                    + " positions are given: give as many, at least one.");
        }
        tokens = new long[size * length];
        lengths = new int[size];
        Arrays.fill(tokens, filler);
        for (int row = 0; row < size; row++) {
            lengths[row] = rows[row].length;
            for (int at = 0; at < rows[row].length; at++) {
                tokens[row * length + at] = rows[row][at];
            }
        }
        for (int place = 0; place < sequences.length; place++) {
            if (positions[place] < 0 || positions[place] >= lengths[sequences[place]]) {
                throw new IllegalArgumentException("Place " + positions[place] + " is asked for in a sequence of "
                        + lengths[sequences[place]] + " tokens: give one inside, from 0.");
            }
        }
        this.sequences = sequences.clone();
        this.positions = positions.clone();
    }

    private PlacedTokens(TokenBatch batch) {
        size = batch.size();
        length = batch.length();
        tokens = batch.tokens();
        lengths = new int[size];
        Arrays.setAll(lengths, batch::lengthOf);
        sequences = new int[batch.predictions()];
        Arrays.setAll(sequences, batch::sequenceOf);
        positions = new int[sequences.length];
        Arrays.setAll(positions, batch::placeOf);
    }

    /** A batch of sentences, with the places of its predictions. */
    public static PlacedTokens of(TokenBatch batch) {
        return new PlacedTokens(batch);
    }

    /** Sequences. */
    public int size() {
        return size;
    }

    /** Tokens of the longest sequence. */
    public int length() {
        return length;
    }

    /** Places. */
    public int places() {
        return sequences.length;
    }

    /** Token ids, row-major [size, length]; a copy. */
    long[] tokens() {
        return tokens.clone();
    }

    /** Tokens of a sequence. */
    int lengthOf(int sequence) {
        return lengths[sequence];
    }

    /** For every place, its row among all tokens of all sequences, row-major. */
    long[] rows() {
        long[] rows = new long[sequences.length];
        for (int place = 0; place < rows.length; place++) {
            rows[place] = (long) sequences[place] * length + positions[place];
        }
        return rows;
    }
}

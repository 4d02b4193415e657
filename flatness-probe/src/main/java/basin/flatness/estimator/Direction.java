package basin.flatness.estimator;

/**
 * A vector with one number for each parameter, given by a rule and read from its first number to
 * its last in pieces, so that it need not be in memory whole. Every reader gives the same numbers.
 * Thread-safe if nothing writes to the numbers behind it.
 */
public interface Direction {
    /** Numbers that are read at once; a multiple of 64, so that a piece begins with fresh bits. */
    int PIECE = 1 << 17;

    /** Returns the number of entries. */
    int size();

    /** Returns a reader at the first number. */
    Reader reader();

    /** A position in a direction. For one thread at a time. */
    @FunctionalInterface
    interface Reader {
        /**
         * Reads the next numbers.
         *
         * @param into receives them from its first place on
         * @param count how many; every call but the last takes an even number
         */
        void next(double[] into, int count);
    }

    /** A consumer of the pieces of a direction. */
    @FunctionalInterface
    interface Pieces {
        /**
         * Takes a piece.
         *
         * @param from index of its first number
         * @param numbers its numbers, and others behind them; overwritten by the next piece
         * @param count how many numbers it has
         */
        void take(int from, double[] numbers, int count);
    }

    /** Reads the whole direction. */
    default void read(Pieces pieces) {
        Reader reader = reader();
        double[] numbers = new double[Math.min(PIECE, size())];
        for (int from = 0; from < size(); from += PIECE) {
            int count = Math.min(PIECE, size() - from);
            reader.next(numbers, count);
            pieces.take(from, numbers, count);
        }
    }
}

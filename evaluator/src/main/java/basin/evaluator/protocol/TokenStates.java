package basin.evaluator.protocol;

/**
 * A source of the final states of all tokens of sentences, including the start token: a frozen
 * network or a table. Thread-safe.
 */
interface TokenStates {
    /** Sentences per part. Fixed, so that rounding does not depend on the caller. */
    int PART = 250;

    /** Returns the number of values in a token's state. */
    int width();

    /** Returns the number of tokens in the longest sequence. */
    int sequence();

    /**
     * Passes the states of all sentences to the taker, part by part, in order.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    void read(int[][] sentences, Taker taker) throws InterruptedException;

    /** A consumer of states. */
    @FunctionalInterface
    interface Taker {
        /**
         * Receives the states of sentences {@code from} to {@code to}, exclusive.
         *
         * @param states [to − from, longest sequence, width], zero at padding
         */
        void take(int from, int to, float[] states);
    }

    /** Work on sentences {@code from} to {@code to}, exclusive. */
    @FunctionalInterface
    interface PartWork {
        void on(int from, int to) throws InterruptedException;
    }

    /**
     * Runs the work on consecutive parts of the given number of sentences.
     *
     * @param doing description of the work, for the message if the thread is interrupted
     * @throws InterruptedException if the thread is interrupted
     */
    static void forEachPart(int sentences, String doing, PartWork work) throws InterruptedException {
        for (int from = 0; from < sentences; from += PART) {
            if (Thread.interrupted()) {
                throw new InterruptedException("Interrupted while " + doing + ".");
            }
            work.on(from, Math.min(sentences, from + PART));
        }
    }
}

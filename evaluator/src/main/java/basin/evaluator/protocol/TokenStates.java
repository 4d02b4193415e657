package basin.evaluator.protocol;

/** The final states of all tokens of sentences, first token included, of a frozen network or of a table. Thread-safe. */
interface TokenStates {
    /** Sentences a part: fixed, so that rounding does not depend on the caller. */
    int PART = 250;

    /** Numbers of a token's state. */
    int width();

    /** Tokens of the longest sequence. */
    int sequence();

    /** Passes the states of all sentences to the taker, part by part, in order. */
    void read(int[][] sentences, Taker taker) throws InterruptedException;

    /** Takes the states of sentences {@code from} to {@code to}: [to − from, longest sequence, width], zero at padding. */
    @FunctionalInterface
    interface Taker {
        void take(int from, int to, float[] states);
    }

    /** Work on sentences {@code from} to {@code to}, exclusive. */
    @FunctionalInterface
    interface PartWork {
        void on(int from, int to) throws InterruptedException;
    }

    /**
     * Does the work on one part of so many sentences after another.
     *
     * @param doing what is interrupted where the thread is, for the message
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

package basin.it.fuzz;

import java.util.List;

/**
 * A reader of input from outside.
 *
 * @param name its name, in one word
 * @param corpus valid inputs, which are changed
 * @param reader the reader
 */
record FuzzTarget(String name, List<byte[]> corpus, Reader reader) {
    FuzzTarget {
        corpus = List.copyOf(corpus);
    }

    /** A call of a reader, through its public door. */
    @FunctionalInterface
    interface Reader {
        /**
         * Reads an input.
         *
         * @throws basin.study.Refusal if the reader refuses it
         * @throws basin.record.MalformedEventException if the reader refuses it
         * @throws Exception if the reader has a bug
         */
        void read(byte[] input) throws Exception;
    }
}

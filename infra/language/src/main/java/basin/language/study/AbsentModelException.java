package basin.language.study;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A language or a task needs a model or a file that this machine does not have now. Whoever works waits until it is there. */
public final class AbsentModelException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    AbsentModelException(IOException away) {
        super(String.valueOf(away.getMessage()), away);
    }

    /** Reads a model or a file that this machine may not have now. */
    @FunctionalInterface
    interface Reader<T> {
        T read() throws IOException;
    }

    /**
     * Returns what was read.
     *
     * @throws AbsentModelException where the model or the file is not on this machine now, in one sentence
     */
    static <T> T unlessRead(Reader<T> reader) {
        try {
            return reader.read();
        } catch (IOException away) {
            throw new AbsentModelException(away);
        }
    }
}

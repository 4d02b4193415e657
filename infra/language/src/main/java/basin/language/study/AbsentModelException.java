package basin.language.study;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Thrown when a language or a task needs a model or a file that this machine does not have at
 * present. Workers wait until it is available.
 */
public final class AbsentModelException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    AbsentModelException(IOException away) {
        super(String.valueOf(away.getMessage()), away);
    }

    /** A read of a model or a file that may be absent on this machine. */
    @FunctionalInterface
    interface Reader<T> {
        T read() throws IOException;
    }

    /**
     * Returns what the reader read.
     *
     * @throws AbsentModelException if the model or the file is not on this machine at present; one
     *     sentence
     */
    static <T> T unlessRead(Reader<T> reader) {
        try {
            return reader.read();
        } catch (IOException away) {
            throw new AbsentModelException(away);
        }
    }
}

package basin.language.study;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A language or a task needs a model or a file that this machine does not have now. Whoever works waits until it is there. */
public final class AbsentModelException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    AbsentModelException(IOException away) {
        super(String.valueOf(away.getMessage()), away);
    }
}

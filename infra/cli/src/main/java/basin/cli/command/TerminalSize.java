package basin.cli.command;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of a terminal. It is asked of {@code stty}, which every Unix has and which needs neither
 * native code nor a library in this JVM.
 *
 * @param columns characters in a line, 1 or more
 * @param rows lines, 1 or more
 */
record TerminalSize(int columns, int rows) {
    /** The size of a terminal that does not tell its own. */
    static final TerminalSize USUAL = new TerminalSize(80, 24);

    private static final Pattern SIZE = Pattern.compile("\\s*([1-9]\\d{0,4}) ([1-9]\\d{0,4})\\s*");
    private static final int MAX_BYTES = 100;
    private static final long LIMIT_MILLIS = 500;

    /** Returns the size of this process's terminal now. It changes when the user resizes it. */
    static TerminalSize now() {
        return measured()
                .or(() -> parsed(System.getenv("LINES") + " " + System.getenv("COLUMNS")))
                .orElse(USUAL);
    }

    private static Optional<TerminalSize> measured() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (InputStream answer = stty.getInputStream()) {
                return stty.waitFor(LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                        ? parsed(new String(answer.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII))
                        : Optional.empty();
            } finally {
                stty.destroy();
            }
        } catch (IOException noTerminal) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Returns the size in a text of rows and columns; empty if it is none. */
    static Optional<TerminalSize> parsed(String text) {
        Matcher size = SIZE.matcher(text);
        return size.matches()
                ? Optional.of(new TerminalSize(Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1))))
                : Optional.empty();
    }
}

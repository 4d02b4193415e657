package basin.study;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/**
 * The version of this program, as its build recorded it in {@code basin/version.properties}.
 * Thread-safe.
 *
 * @param version the version of the poms, such as {@code 0.1.0}, or {@code development} if the
 *     classes were compiled without Maven
 * @param commit the first 12 digits of the commit, followed by {@code -dirty} if tracked files
 *     differed from it; empty if the program was built without Git
 */
public record ProgramVersion(String version, Optional<String> commit) {
    private static final ProgramVersion CURRENT = read();

    /** Returns the version of the running program. */
    public static ProgramVersion current() {
        return CURRENT;
    }

    private static ProgramVersion read() {
        Properties built = new Properties();
        try (InputStream file = ProgramVersion.class.getResourceAsStream("/basin/version.properties")) {
            if (file != null) {
                built.load(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return of(built);
    }

    /** Returns the version that these properties give. */
    static ProgramVersion of(Properties built) {
        return new ProgramVersion(
                built.getProperty("version", "development"),
                Optional.ofNullable(built.getProperty("commit")).filter(commit -> !commit.isEmpty()));
    }

    /** Returns both in one line, such as {@code 0.1.0 (commit 0123456789ab)}. */
    @Override
    public String toString() {
        return version + commit.map(digits -> " (commit " + digits + ")").orElse("");
    }
}

package basin.flatness.estimator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Writes the kit's results for each estimator as table rows under {@code target/kit}, from which
 * {@code verify/kit.sh} makes a page.
 */
final class KitReport {
    private static final Path FOLDER = Path.of("target/kit");
    private static final Set<String> BEGUN = new HashSet<>();

    private KitReport() {}

    /**
     * The results for one estimator's quantity over a thousand seeds.
     *
     * @param coverage coverage of 95 % intervals, from 0 to 1
     * @param bias mean error, in standard deviations of a single measurement
     * @param variance variance of the values over the seeds, relative to the mean squared standard
     *     error
     */
    record Row(
            String estimator, String quantity, int pairs, int batch, double coverage, double bias, double variance) {}

    /** Adds a row to the surface's table. */
    static synchronized void tell(String surface, Row row) {
        try {
            Files.createDirectories(FOLDER);
            Path file = FOLDER.resolve(surface + ".md");
            if (BEGUN.add(surface)) {
                Files.deleteIfExists(file);
            }
            Files.writeString(
                    file,
                    String.format(
                            Locale.ROOT,
                            "| `%s` | `%s` | %d | %d | %.1f %% | %+.3f | %.3f |%n",
                            row.estimator(),
                            row.quantity(),
                            row.pairs(),
                            row.batch(),
                            100 * row.coverage(),
                            row.bias(),
                            row.variance()),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package basin.network.folder;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks from folders give the logits of {@code transformers}. With a property {@code
 * basin.references} the folders are those in another one, which {@code reference_folders.py
 * --random} wrote, and their differences are printed.
 */
class ReferenceLogitsTest {
    @ParameterizedTest
    @MethodSource("basin.network.folder.Reference#folders")
    void logitsAreThoseOfTheReference(Path folder) throws IOException {
        Reference reference = Reference.of(folder);
        double single = reference.difference(folder, DataType.FLOAT32);
        double twice = reference.difference(folder, DataType.FLOAT64);
        if (System.getProperty("basin.references") != null) {
            System.out.printf("%s %.2g %.2g%n", folder.getFileName(), single, twice);
        }
        // Of badly conditioned random networks, the reference's own float32 is that far off.
        assertThat(single).isLessThan(Math.max(1e-5, 2 * reference.rounding()));
        assertThat(twice).isLessThan(1e-9);
    }
}

package basin.it.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import basin.study.SampleSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that no input makes a reader crash: the inputs that once did, and changed valid ones. The
 * script {@code infra/it/bench/fuzz.sh} tries more, for as long as one likes.
 */
@Tag("sampled")
class FuzzTest {
    private static final Path KEPT = Path.of("src/test/resources/fuzz");

    @TempDir
    private static Path folder;

    private static FuzzTargets targets;
    private static Trials trials;

    @BeforeAll
    static void validInputs() throws IOException {
        targets = new FuzzTargets(folder);
        trials = new Trials();
    }

    @AfterAll
    static void close() {
        trials.close();
        targets.close();
    }

    @Test
    void everyReaderTakesAValidInput() throws Exception {
        for (FuzzTarget target : targets.all()) {
            List<String> kinds = new ArrayList<>();
            for (byte[] input : target.corpus()) {
                kinds.add(trials.of(target, input).kind());
            }
            // Some name files that are not there.
            assertThat(kinds).as(target.name()).contains("taken");
        }
    }

    @Test
    void whatOnceCrashedAReaderNoLongerDoes() throws Exception {
        for (FuzzTarget target : targets.all()) {
            for (Path input : kept(target)) {
                assertThat(trials.of(target, Files.readAllBytes(input)).crash())
                        .as(input.toString())
                        .isEmpty();
            }
        }
    }

    private static List<Path> kept(FuzzTarget target) throws IOException {
        Path own = KEPT.resolve(target.name());
        if (!Files.exists(own)) {
            return List.of();
        }
        try (Stream<Path> inputs = Files.list(own)) {
            return inputs.sorted().toList();
        }
    }

    @Test
    void changedInputsAreTakenOrRefusedInASentence() throws Exception {
        for (FuzzTarget target : targets.all()) {
            Fuzzing fuzzing = new Fuzzing(target, trials, 1);
            for (int i = SampleSize.of(30, 500); i > 0; i--) {
                fuzzing.step();
            }
            assertThat(fuzzing.crashes().values())
                    .as(target.name())
                    .extracting(Fuzzing.Crash::what)
                    .isEmpty();
        }
    }
}

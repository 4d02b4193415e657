package basin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.cli.plan.CostEstimate;
import basin.cli.plan.CostEstimate.Part;
import basin.cli.plan.Work;
import basin.study.Ids;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the cost estimate of a study. */
class PlanCommandTest {
    private static final Path TINY = Path.of("src/test/resources/tiny.yaml");

    static List<String> studies() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../studies"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.replace(".yaml", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("studies")
    void everyStudyThatComesWithBasinIsPlanned(String name) {
        Typed.basin("plan", name)
                .says("Study " + name + ": ", "training ", "H100", "On the topics: at most ", "Kendall's tau-b over ");
    }

    /**
     * Two layers of width 8 on nine tokens, counted by hand; a multiplication and an addition are
     * two operations.
     */
    @Test
    void operationsAreThoseOfTheProductsOfMatrices(@TempDir Path folder) throws IOException {
        String study = Files.readString(TINY)
                .replaceAll(
                        "(?m)^language: .*$",
                        "language: {kind: tree, depth: 3, symbols: 2, rules: 2, vocabularySize: 4, seed: 1}")
                .replaceAll("(?ms)^sizes:.*?^algorithms: .*?$", """
                    sizes:
                      - {name: d8, width: 8, layers: 2, heads: 2, intermediate: 0}
                    algorithms: [adamw, {kind: sam, rho: 0.1}]\
                    """)
                .replaceAll("(?m)^learningRates: .*$", "learningRates: [0.01]")
                .replaceAll("(?m)^seeds: .*$", "seeds: [1, 2, 3]")
                .replaceAll("steps: \\d+, batch: \\d+", "steps: 100, batch: 10");
        Path file = folder.resolve("own.yaml");
        Files.writeString(file, study);
        StudySpec spec = StudyFile.read(file);
        CostEstimate cost = CostEstimate.of(spec, 0.001, 0);
        assertThat(cost.runs()).isEqualTo(6);
        assertThat(cost.tokens()).isEqualTo(6L * 100 * 10 * 8);
        int weights = 2 * (4 * 8 * 8 + 2 * 8 * 32);
        int attention = 2 * 2 * 9 * 8;
        double forward = 2.0 * 9 * (weights + attention) + 2 * 8 * (8 + 8);
        assertThat(cost.of(Part.TRAINING).operations())
                .isCloseTo(3 * (1 + 2) * 100 * 10 * 3 * forward, within(1e-6 * 3 * forward));
        // Three checkpoints per run; the one at an excess loss and the last are fine-tuned, twice
        // each.
        double probed = 3 * (100 + 40);
        double tuned = 2 * 2 * (100 + 40 * 2 * 3);
        assertThat(cost.of(Part.DOWNSTREAM).operations())
                .isCloseTo(6 * (probed + tuned) * forward, within(1e-6 * forward));
        assertThat(cost.work()).isEqualTo(cost.parts().values().stream().reduce(new Work(0, 0), Work::plus));
        assertThat(cost.of(Part.CONDITIONALS).coreSeconds())
                .isGreaterThanOrEqualTo(0.001 * spec.validation().sentences());
    }

    @Test
    void aTeacherNeedNotBeThere(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("own.yaml");
        Files.writeString(
                file,
                Files.readString(TINY)
                        .replaceAll(
                                "(?m)^language: .*$",
                                "language: {kind: teacher, folder: missing, tokens: 20, minLength: 4, maxLength: 8,"
                                        + " temperature: 1, seed: 1}")
                        .replaceAll("(?ms)^tasks:.*?^protocols:", "tasks: []\nprotocols:"));
        Typed.basin("plan", file.toString()).says("The language's model is not on this machine");
        Typed.basin("run", file.toString(), "--data", folder.resolve("data").toString())
                .refused("language.folder is ");
    }

    @Test
    void tablesNeedNotBeThereAndWhatIsThereIsLookedAt(@TempDir Path folder) throws IOException {
        Typed.basin("plan", "paper-lm")
                .says(
                        "The language's model is not on this machine",
                        "Not on this machine is a table, the tokenizer or the model of tasks SST-2, QNLI");
        String study = Files.readString(Path.of("../studies/paper-lm.yaml"));
        Path file = Files.writeString(folder.resolve("own.yaml"), study);
        Files.createDirectory(folder.resolve("SST-2"));
        for (String name : List.of("train.tsv", "dev.tsv")) {
            Files.writeString(folder.resolve("SST-2").resolve(name), "sentence\tlabel\nfine\t1\n");
        }
        Typed.basin("plan", file.toString()).refused("protocols[0].labels is 4000: give at most 1");
        Files.writeString(file, study.replaceAll("labels: \\d+, test: \\d+", "labels: 2, test: 2"));
        for (String name : List.of("train.tsv", "dev.tsv")) {
            Files.writeString(folder.resolve("SST-2").resolve(name), "sentence\tlabel\nfine\t1\nbad\t0\n");
        }
        Typed.basin("plan", file.toString()).says("the model of tasks SST-2, QNLI");
    }

    @Test
    void theWholeFileIsShown(@TempDir Path folder) throws IOException {
        Typed shown = Typed.basin("plan", "quick", "--show")
                .says("# Study quick-62661329 with", "beta1: 0.9", "quickSentences: 2048");
        Path file = Files.writeString(folder.resolve("shown.yaml"), shown.out());
        assertThat(Ids.study(StudyFile.read(file)))
                .isEqualTo(Ids.study(StudyFile.read(Path.of("../studies/quick.yaml"))));
    }

    @Test
    void runsThatAreNotOnRecordAreRefusedAsRunRefusesThem(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("own.yaml");
        Files.writeString(
                file,
                Files.readString(TINY).replaceAll("(?m)^  - \\{name: d12.*\\n", "")
                        + "startFrom: abcd@1\nseeds: [1]\n");
        Typed.basin("plan", file.toString()).refused("field 'seeds' is given twice");
        Files.writeString(
                file, Files.readString(file).replace("startFrom: abcd@1\nseeds: [1]\n", "startFrom: abcd@1\n"));
        for (String command : List.of("plan", "run")) {
            Typed.basin(command, file.toString()).refused("startFrom is given and --data is not given");
            Typed.basin(command, file.toString(), "--data", "src/main/rehearsal")
                    .refused("line 24: startFrom is 'abcd@1', and no recorded run begins with these digits");
            Typed.basin(command, file.toString(), "--data", folder.toString()).refused("holds no record");
        }
    }

    @Test
    void whatThisMachineLacksIsSaid(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("own.yaml");
        Files.writeString(file, Files.readString(TINY).replace("device: cpu", "device: 'cuda:77'"));
        Typed.basin("run", file.toString(), "--data", folder.resolve("data").toString())
                .refused("platform.");
        Typed.basin("plan", file.toString()).says("infra/basin run refuses this study:", "  platform.device");
        Path taken = Files.writeString(folder.resolve("taken"), "");
        Typed.basin("plan", "quick", "--data", taken.toString()).says("cannot be written to");
        assertThat(Typed.basin("plan", "quick").out()).doesNotContain("refuses this study");
    }

    @Test
    void studiesAreToldInOneSentenceAndAProductEach() {
        Typed all = Typed.basin("studies")
                .says(
                        "quick: A first look at flatness and accuracy: ",
                        "    12 runs (4 sizes × 1 algorithm × 3 learning rates × 1 seed), 1,000 steps each",
                        "    49 runs (3 sizes × 8 arms × 2 seeds, and 1 lookup table), 4,000 steps each");
        Matcher line = Pattern.compile("([0-9]+) runs \\((.*?)(?:, and ([0-9]+) .*?)?\\)")
                .matcher(all.out());
        int studies = 0;
        while (line.find()) {
            int product = Stream.of(line.group(2).split(" × "))
                    .mapToInt(factor -> Integer.parseInt(factor.split(" ")[0]))
                    .reduce(1, (a, b) -> a * b);
            int tables = line.group(3) == null ? 0 : Integer.parseInt(line.group(3));
            assertThat(product + tables).as(line.group()).isEqualTo(Integer.parseInt(line.group(1)));
            studies++;
        }
        assertThat(studies).isEqualTo(6);
        assertThat(all.out()).doesNotContainPattern("\\b1 (sizes|seeds|arms|algorithms|learning rates)");
    }

    @Test
    void anUnknownStudyIsRefused() {
        Typed.basin("plan", "nowhere").refused("There is no study 'nowhere'");
    }
}

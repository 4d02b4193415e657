package basin.evaluator.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import basin.evaluator.task.TaskData;
import basin.language.study.Languages;
import basin.language.teacher.TeacherLanguage;
import basin.record.Event;
import basin.study.CheckpointChoice;
import basin.study.LanguageSpec;
import basin.study.PlatformSpec;
import basin.study.ProtocolSpec;
import basin.study.Seeds;
import basin.study.TableSpec;
import basin.study.TaskSpec;
import basin.study.file.DataFiles;
import basin.study.file.ModelFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Evaluates a checkpoint of a network that learnt from a teacher, on the teacher's tables by both
 * protocols.
 */
class TeacherTableTest {
    private static final Path OPT = Path.of("../infra/network/src/test/resources/basin/network/folder/opt");
    private static final int ROWS = 260;
    /** One row in ten has no token in the vocabulary. */
    private static final int EMPTY_EVERY = 10;

    @TempDir
    private Path folder;

    private LanguageSpec.Teacher teacher() throws IOException {
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(OPT.resolve(file), folder.resolve(file));
        }
        String vocabulary = IntStream.range(0, 11)
                .mapToObj(token -> "\"t" + token + "\": " + token)
                .collect(Collectors.joining(", "));
        Files.writeString(folder.resolve("tokenizer.json"), """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
             "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
             "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "t1"}}
            """.formatted(vocabulary));
        return new LanguageSpec.Teacher(ModelFolders.remember(folder), 4, 3, 6, 1, 1);
    }

    /**
     * Writes texts of one to eight tokens, labelled by which of two words comes first, so that a
     * network of any weights separates them.
     */
    private String file(String name, TeacherLanguage language, boolean pairs, long seed) throws IOException {
        RandomGenerator random = Seeds.generator(seed, "teacher-table", pairs ? 1 : 0);
        int[] tokens = language.tokens();
        StringBuilder rows = new StringBuilder(pairs ? "index\tquestion\tsentence\tlabel\n" : "sentence\tlabel\n");
        for (int row = 0; row < ROWS; row++) {
            int label = random.nextInt(2);
            StringBuilder text = new StringBuilder("t" + tokens[label]);
            for (int more = random.nextInt(8); more > 0; more--) {
                text.append(" t").append(random.nextInt(11));
            }
            String own = row % EMPTY_EVERY == 0 ? "unheard of" : text.toString();
            rows.append(
                    pairs
                            ? row + "\t" + own + "\t" + (row % EMPTY_EVERY == 0 ? "t2" : "t" + tokens[3]) + "\t"
                                    + (label == 0 ? "entailment" : "not_entailment") + "\n"
                            : own + "\t" + label + "\n");
        }
        return DataFiles.remember(Files.writeString(folder.resolve(name), rows));
    }

    private TaskSpec task(String layout, TeacherLanguage language) throws IOException {
        TableSpec.Columns columns = TableSpec.columns(layout);
        boolean pairs = columns.texts().size() == 2;
        return new TaskSpec(
                layout,
                new TableSpec(
                        file(layout + "-train.tsv", language, pairs, 1),
                        file(layout + "-dev.tsv", language, pairs, 2),
                        columns.texts(),
                        columns.label(),
                        columns.classes(),
                        Optional.of(ModelFolders.rememberTokenizer(folder))));
    }

    @Test
    void bothProtocolsTellTextsOfATableApart() throws Exception {
        LanguageSpec.Teacher spec = teacher();
        TeacherLanguage language = (TeacherLanguage) Languages.source(spec);
        Trained trained = Trained.after(2, spec, 8);
        List<ProtocolSpec> protocols = List.of(
                new ProtocolSpec.LinearProbe(
                        "probe",
                        ProtocolSpec.Features.CONCATENATED,
                        0,
                        200,
                        200,
                        30,
                        25,
                        1e-2,
                        2,
                        7,
                        CheckpointChoice.ALL),
                new ProtocolSpec.FineTune("fine-tune", 200, 200, 10, 25, 3e-3, 5, 1, 7, CheckpointChoice.ALL));
        Evaluation evaluation = new Evaluation();
        for (String layout : List.of("sst-2", "qnli")) {
            TaskSpec task = task(layout, language);
            TaskData data = TaskData.of(language, task, 200, 200, 1, 7);
            assertThat(List.of(data.test().sentences()))
                    .allSatisfy(sentence -> assertThat(sentence.length).isBetween(1, language.maxLength()));
            for (ProtocolSpec protocol : protocols) {
                Event.DownstreamMeasured measured =
                        evaluation.evaluate("run", 2, trained.run(), trained.theta(), task, protocol, PlatformSpec.CPU);
                assertThat(measured.classes()).isEqualTo(2);
                assertThat(measured.bayesAccuracy()).isEmpty();
                assertThat(measured.leftOut()).isEqualTo(1.0 / EMPTY_EVERY);
                assertThat(measured.accuracies()).hasSize(protocol.repetitions());
                // Well above the majority baseline, by far more than the noise of 200 coin flips,
                // .035.
                assertThat(measured.accuracy().value())
                        .as(layout + " by " + protocol.name())
                        .isGreaterThan(measured.majorityBaseline() + 0.25);
            }
        }
    }
}

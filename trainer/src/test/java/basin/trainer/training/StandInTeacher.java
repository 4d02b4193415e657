package basin.trainer.training;

import basin.study.Json;
import basin.study.LanguageSpec;
import basin.study.ProtocolSpec;
import basin.study.StudySpec;
import basin.study.TableSpec;
import basin.study.TaskSpec;
import basin.study.file.DataFiles;
import basin.study.file.ModelFolders;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A small stand-in for the files that a study of a teacher needs and Basin does not ship: a model
 * with OPT's layout and random weights, a tokenizer and tables.
 */
final class StandInTeacher {
    private static final Path OPT = Path.of("../infra/network/src/test/resources/basin/network/folder/opt");
    private static final int TOKENS = 11;
    private static final int KEPT = 8;
    private static final int LONGEST = 7;
    private static final int LABELS = 20;

    private StandInTeacher() {}

    /**
     * Returns the study on a small teacher with fewer tokens, shorter sentences, tables of nonsense
     * and few labels.
     */
    static StudySpec of(StudySpec study, Path folder) throws IOException {
        LanguageSpec.Teacher own = (LanguageSpec.Teacher) study.language();
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(OPT.resolve(file), folder.resolve(file));
        }
        String vocabulary = IntStream.range(0, TOKENS)
                .mapToObj(token -> "\"t" + token + "\": " + token)
                .collect(Collectors.joining(", "));
        Files.writeString(folder.resolve("tokenizer.json"), """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
             "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
             "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "t1"}}
            """.formatted(vocabulary));
        ObjectNode fields = Json.mapper().valueToTree(study);
        fields.set(
                "language",
                Json.mapper()
                        .valueToTree(new LanguageSpec.Teacher(
                                ModelFolders.remember(folder),
                                Math.min(KEPT, own.tokens()),
                                Math.min(own.minLength(), LONGEST),
                                Math.min(own.maxLength(), LONGEST),
                                own.temperature(),
                                own.seed())));
        ArrayNode protocols = fields.putArray("protocols");
        int rows = LABELS;
        for (ProtocolSpec protocol : study.protocols()) {
            protocols.add(Json.mapper().<ObjectNode>valueToTree(protocol.called(protocol.name(), LABELS)));
            rows = Math.max(rows, protocol.test());
        }
        ArrayNode tasks = fields.putArray("tasks");
        for (TaskSpec task : study.tasks()) {
            TableSpec table = task.table().orElseThrow();
            tasks.add(Json.mapper()
                    .<ObjectNode>valueToTree(new TaskSpec(
                            task.name(),
                            new TableSpec(
                                    table(folder.resolve(task.name() + "-train.tsv"), table, rows),
                                    table(folder.resolve(task.name() + "-dev.tsv"), table, rows),
                                    table.texts(),
                                    table.label(),
                                    table.classes(),
                                    Optional.of(ModelFolders.rememberTokenizer(folder))))));
        }
        return Json.mapper().treeToValue(fields, StudySpec.class);
    }

    private static String table(Path file, TableSpec like, int rows) throws IOException {
        String everyToken =
                IntStream.range(0, TOKENS).mapToObj(token -> "t" + token).collect(Collectors.joining(" "));
        StringBuilder text = new StringBuilder(String.join("\t", like.texts()) + "\t" + like.label() + "\n");
        for (int row = 0; row < rows; row++) {
            text.append((everyToken + "\t").repeat(like.texts().size()))
                    .append(like.classes().get(row % like.classes().size()))
                    .append("\n");
        }
        return DataFiles.remember(Files.writeString(file, text));
    }
}

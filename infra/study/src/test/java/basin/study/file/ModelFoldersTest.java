package basin.study.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.study.Json;
import basin.study.LanguageSpec;
import basin.study.Refusal;
import basin.study.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Models are found by the hash of their folder's contents. */
@Isolated("It sets system properties.")
class ModelFoldersTest {
    @TempDir
    private Path folder;

    @AfterEach
    void forget() {
        System.clearProperty(ModelFolders.PROPERTY);
    }

    private Path model(String name, String weights) throws IOException {
        Path model = Files.createDirectories(folder.resolve(name));
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(model.resolve("model.safetensors"), weights);
        Files.writeString(model.resolve("README.md"), "Of no account.");
        return model;
    }

    private static String line(String name, String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8)) + "  " + name + "\n";
    }

    private static String hash(String... lines) {
        return Sha256.hex(String.join("", lines).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theHashIsThatOfTheListOfFiles() throws IOException {
        assertThat(ModelFolders.remember(model("one", "abc")))
                .isEqualTo(hash(line("config.json", "{}"), line("model.safetensors", "abc")));
        Path shards = Files.createDirectories(folder.resolve("shards"));
        for (String name :
                Arrays.asList("config.json", "a-2.safetensors", "a-1.safetensors", "model.safetensors.index.json")) {
            Files.writeString(shards.resolve(name), name);
        }
        assertThat(ModelFolders.remember(shards))
                .isEqualTo(hash(
                        line("a-1.safetensors", "a-1.safetensors"),
                        line("a-2.safetensors", "a-2.safetensors"),
                        line("config.json", "config.json"),
                        line("model.safetensors.index.json", "model.safetensors.index.json")));
    }

    @Test
    void aModelIsFoundWhereItIsListedOrBelow() throws IOException {
        model("many/first", "first");
        Path second = model("many/second", "second");
        String wanted = hash(line("config.json", "{}"), line("model.safetensors", "second"));
        assertThat(ModelFolders.find(wanted)).isEmpty();
        System.setProperty(
                ModelFolders.PROPERTY, folder.resolve("none") + java.io.File.pathSeparator + folder.resolve("many"));
        assertThat(ModelFolders.find(wanted)).hasValue(second);
        System.setProperty(ModelFolders.PROPERTY, second.toString());
        assertThat(ModelFolders.find(wanted)).hasValue(second);
    }

    @Test
    void aModelThatWasChangedIsAnotherOne() throws IOException {
        Path model = model("changing", "before");
        String hash = ModelFolders.remember(model);
        assertThat(ModelFolders.find(hash)).hasValue(model);
        Files.writeString(model.resolve("model.safetensors"), "and after");
        assertThat(ModelFolders.find(hash)).isEmpty();
    }

    @Test
    void aStudyFileNamesAFolderAndTheStudyItsHash() throws IOException {
        Path model = model("teacher", "weights");
        String text = Files.readString(Path.of("../studies/quick.yaml"));
        String language =
                "{kind: teacher, folder: teacher, tokens: 5, minLength: 2, maxLength: 4, temperature: 1, seed: 1}";
        Path study = folder.resolve("study.yaml");
        Files.writeString(study, text.replaceFirst("(?m)^language: .*$", "language: " + language));
        String hash = hash(line("config.json", "{}"), line("model.safetensors", "weights"));
        assertThat(StudyFile.read(study).language()).isEqualTo(new LanguageSpec.Teacher(hash, 5, 2, 4, 1, 1));
        assertThat(ModelFolders.find(hash)).hasValue(model);
        assertThat(new String(Json.canonical(StudyFile.read(study)), StandardCharsets.UTF_8))
                .contains(hash)
                .doesNotContain(folder.toString());

        refused(study, text, language.replace("folder: teacher", "folder: absent"), "language.folder is ");
        refused(
                study,
                text,
                language.replace("folder: teacher", "weights: abc"),
                "language.weights is 'abc': give the 64");
        refused(study, text, language.replace("folder: teacher, ", ""), "'language.folder' is missing");
        refused(study, text, language.replace("tokens: 5", "tokens: 1"), "language.tokens is 1");
        refused(study, text, language.replace("temperature: 1", "temperature: 0"), "language.temperature is 0: give");
        refused(study, text, language.replace("minLength: 2", "minLength: 5"), "language.minLength is 5");
    }

    private static void refused(Path study, String text, String language, String expected) throws IOException {
        Files.writeString(study, text.replaceFirst("(?m)^language: .*$", "language: " + language));
        assertThatThrownBy(() -> StudyFile.read(study))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(expected)
                .message()
                .doesNotContain("\n");
    }
}

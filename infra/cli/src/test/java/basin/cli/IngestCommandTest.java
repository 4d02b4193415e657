package basin.cli;

import static basin.cli.Typed.at;
import static basin.cli.Typed.basin;
import static org.assertj.core.api.Assertions.assertThat;

import basin.cli.broker.EmbeddedBroker;
import basin.language.Grammars;
import basin.language.Pcfg;
import basin.language.export.EncoderFolder;
import basin.network.EncoderShape;
import basin.network.Initialisation;
import basin.study.Json;
import basin.study.Seeds;
import basin.study.file.SampleManifest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that checkpoints of another program are measured as they appear, once each; incomplete ones
 * are waited for, and invalid ones are refused.
 */
class IngestCommandTest {
    private static final Pcfg LANGUAGE = Grammars.tree(2, 3, 2, 6, 1);
    private static final EncoderShape SHAPE = new EncoderShape(6, 4, 8, 1, 2, 12);
    private static final Path MODELS = Path.of("../network/src/test/resources/basin/network/folder");

    private static final String MANIFEST = SampleManifest.of("mine", "held-out.txt", 4);

    @TempDir
    private Path folder;

    private Path watched;
    private Path scores;

    @BeforeEach
    void aTextAndAManifest() throws IOException {
        watched = Files.createDirectory(folder.resolve("watched"));
        scores = Files.createDirectory(folder.resolve("scores"));
        RandomGenerator random = Seeds.generator(3, "text");
        Files.writeString(
                watched.resolve("held-out.txt"),
                Stream.generate(() -> LANGUAGE.sample(random))
                        .limit(200)
                        .map(sentence -> Arrays.stream(sentence)
                                .mapToObj(word -> "w" + word)
                                .collect(Collectors.joining(" ")))
                        .collect(Collectors.joining("\n")));
        Files.writeString(watched.resolve("basin.yaml"), MANIFEST);
    }

    /** Writes one of Basin's encoders as {@code save_pretrained} does, with its tokenizer. */
    private Path encoder(String run, int step) throws IOException {
        Path to = Files.createDirectories(watched.resolve(run).resolve("step-" + step));
        EncoderFolder.write(to, SHAPE, Initialisation.of(SHAPE, 0.3, step), LANGUAGE);
        return to;
    }

    /** Writes a GPT-2 or BERT model with all weights scaled. */
    private Path model(String layout, String run, int step, float scale) throws IOException {
        Path to = Files.createDirectories(watched.resolve(run).resolve("step-" + step));
        Files.copy(MODELS.resolve(layout).resolve("config.json"), to.resolve("config.json"));
        byte[] bytes = Files.readAllBytes(MODELS.resolve(layout).resolve("model.safetensors"));
        ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int place = 8 + (int) numbers.getLong(0); place < bytes.length; place += 4) {
            numbers.putFloat(place, scale * numbers.getFloat(place));
        }
        Files.write(to.resolve("model.safetensors"), bytes);
        Path tokenizer = folder.resolve("tokenizer");
        if (!Files.exists(tokenizer)) {
            EncoderFolder.write(Files.createDirectory(tokenizer), SHAPE, Initialisation.of(SHAPE, 0.3, 1), LANGUAGE);
        }
        Files.copy(tokenizer.resolve("tokenizer.json"), to.resolve("tokenizer.json"));
        return to;
    }

    private Typed once(String kafka, String... more) {
        return at(
                kafka,
                Stream.concat(
                                Stream.of(
                                        "ingest",
                                        "--once",
                                        "--watch",
                                        watched.toString(),
                                        "--scores",
                                        scores.toString()),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private JsonNode json(Path file) throws IOException {
        return Json.mapper().readTree(file.toFile());
    }

    @Test
    void takesEachOnceAndTellsTheSameWithoutTheFolders() throws Exception {
        Path half = model("gpt2", "run-a", 20, 1.5f);
        byte[] whole = Files.readAllBytes(half.resolve("model.safetensors"));
        Files.write(half.resolve("model.safetensors"), Arrays.copyOf(whole, whole.length - 4));
        model("gpt2", "run-a", 10, 1);
        model("gpt2", "run-b", 20, 2);
        encoder("run-c", 20);
        encoder("run-d", 20);
        Path bad = model("gpt2", "run-d", 10, 1);
        Files.writeString(
                bad.resolve("config.json"),
                Files.readString(bad.resolve("config.json")).replace("\"gpt2\"", "\"abacus\""));
        Files.writeString(scores.resolve("scores.csv"), """
            run,step,task,score,stderr,n
            run-a,20,questions,0.5,0.02,
            run-c,20,questions,0.7,,400
            run-d,20,questions,70,0.02,
            """);
        Files.createDirectories(scores.resolve("run-b"));
        Files.writeString(scores.resolve("run-b/results_1.json"), """
            {"results": {"questions": {"alias": "questions", "acc,none": 0.6, "acc_stderr,none": 0.03}},
             "config": {"model_args": {"pretrained": "/elsewhere/run-b/step-20"}}}
            """);
        Path data = folder.resolve("data");
        Path out = folder.resolve("out");
        String study;
        try (EmbeddedBroker broker = EmbeddedBroker.start(data)) {
            String kafka = broker.bootstrapServers();
            Typed first = once(kafka);
            assertThat(first.error()).contains(" checkpoints, about ").doesNotContain("basin:");
            assertThat(first.out())
                    .contains(
                            "run-a/step-20 is waited for: The header of " + half.resolve("model.safetensors"),
                            "it is cut off",
                            "run-d/step-10 is refused:",
                            "abacus",
                            "the score is 70.0: give a share from 0 to 1",
                            "4 checkpoints are recorded, 1 are waited for, 2 checkpoints or scores are refused.");
            assertThat(first.status()).isEqualTo(3);

            Files.write(half.resolve("model.safetensors"), whole);
            Files.delete(bad.resolve("config.json"));
            Files.delete(bad.resolve("tokenizer.json"));
            Files.delete(bad.resolve("model.safetensors"));
            Files.delete(bad);
            Files.writeString(
                    scores.resolve("scores.csv"),
                    Files.readString(scores.resolve("scores.csv")).replace(",70,", ",0.45,"));
            Typed second = once(kafka, "--out", Files.createDirectories(out).toString());
            second.says("run-a/step-20 is recorded.", "5 checkpoints are recorded, 0 are waited for, 0 checkpoints");
            study = second.lines().getFirst().split(" ")[1];
            Path again = folder.resolve("again");
            once(kafka, "--out", Files.createDirectories(again).toString()).says("5 checkpoints are recorded");
            assertThat(again.resolve("view.json"))
                    .as("nothing was added")
                    .hasSameBinaryContentAs(out.resolve("view.json"));

            // The same checkpoint with other weights, and the same score with another value.
            Files.delete(half.resolve("model.safetensors"));
            Files.delete(half.resolve("config.json"));
            Files.delete(half.resolve("tokenizer.json"));
            model("gpt2", "run-a", 20, 3);
            Files.writeString(
                    scores.resolve("scores.csv"),
                    Files.readString(scores.resolve("scores.csv")).replace(",0.45,", ",0.46,"));
            Typed changed = once(kafka);
            assertThat(changed.out())
                    .contains("another checkpoint of this run and step is recorded", "0.45 is recorded");
            assertThat(changed.status()).isEqualTo(3);
        }
        JsonNode view = json(out.resolve("view.json"));
        assertThat(view.path("state").asText()).isEqualTo("done");
        assertThat(view.path("loss").path("quantity").asText()).isEqualTo("held-out loss");
        assertThat(view.path("runs")).hasSize(4);
        JsonNode last = view.path("runs").path(0).path("checkpoints").path(1);
        assertThat(last.path("loss").path("value").asDouble()).isPositive();
        assertThat(last.path("loss").path("stderr").asDouble()).isPositive();
        assertThat(last.path("flatness").path(0).path("value").asDouble()).isPositive();
        assertThat(last.path("downstream")
                        .path(0)
                        .path("aboveUntrained")
                        .path("value")
                        .asDouble())
                .isEqualTo(0.25);
        assertThat(view.path("rows")).anySatisfy(row -> {
            assertThat(row.path("measure").asText()).isEqualTo("fisher.trace");
            assertThat(row.path("comparison").asText()).isEqualTo("raw");
            assertThat(row.path("finding").path("runs").asInt()).isEqualTo(4);
        });
        // From the record alone, without the folders.
        Files.move(watched, folder.resolve("away"));
        Path replayed = Files.createDirectories(folder.resolve("replayed"));
        Path question = folder.resolve("question.yaml");
        Files.writeString(question, "minRuns: 3\n");
        basin(
                        "replay",
                        "--data",
                        data.toString(),
                        "--study",
                        study,
                        "--analysis",
                        question.toString(),
                        "--out",
                        replayed.toString())
                .says("held-out loss");
        assertThat(replayed.resolve("losses.csv")).hasSameBinaryContentAs(out.resolve("losses.csv"));
        // Without an analysis file the question is the study's own.
        Path own = Files.createDirectories(folder.resolve("own"));
        basin("replay", "--data", data.toString(), "--study", study, "--out", own.toString())
                .says("held-out loss");
        assertThat(own.resolve("correlations.csv")).hasSameBinaryContentAs(out.resolve("correlations.csv"));
        Path file = folder.resolve("mine.basin");
        basin("export", "--data", data.toString(), "--study", study, "--out", file.toString())
                .says("weights of 0 of 5 checkpoints");
    }

    @Test
    void whatIsCalledOtherwiseOrIsNotThereIsSaid() throws Exception {
        Files.writeString(
                watched.resolve("basin.yaml"),
                "\ufeff"
                        + MANIFEST.replace("run-a", "3e-4")
                                .replace("run-b", "010")
                                .replace("run-d", "null")
                                .replace("\n", "\r\n"));
        Path text = watched.resolve("held-out.txt");
        Files.writeString(text, "\ufeff" + Files.readString(text).replace("\n", "\r\n"));
        encoder("3e-4", 10);
        encoder("010", 20);
        encoder("Run-C", 20);
        Path underscore = encoder("3e-4", 1).resolveSibling("step_1");
        Files.move(underscore.resolveSibling("step-1"), underscore);
        // {@code trainer_state.json} gives another step, and two folders have the same step.
        Files.writeString(encoder("010", 10).resolve("trainer_state.json"), "{\"global_step\": 20, \"loss\": NaN}");
        Path twice = encoder("run-c", 20);
        Files.move(encoder("run-c", 10), twice.resolveSibling("checkpoint-20"));
        Files.writeString(
                scores.resolve("scores.csv"),
                "run,step,task,score,stderr,n\n3e-4,10,questions,0.5,0.02,\n010,20,questions,0.6,,400\n");
        Path data = folder.resolve("data");
        try (EmbeddedBroker broker = EmbeddedBroker.start(data)) {
            Typed first = once(broker.bootstrapServers());
            assertThat(first.error()).contains(" checkpoints, about ").doesNotContain("basin:");
            assertThat(first.out())
                    .contains(
                            "3e-4/step-10 is recorded.",
                            "010/step-20 is recorded.",
                            "Run null has no checkpoint: there is no folder " + watched.resolve("null/step-N"),
                            "Run-C is left out: no run of the manifest has that name; there are 010, 3e-4, null,"
                                    + " run-c.",
                            "3e-4/step_1 is left out: call a checkpoint's folder step-N or checkpoint-N",
                            "010/step-10 is refused: trainer_state.json in it says that global_step is 20, and its name"
                                    + " says 10",
                            "run-c/step-20 is refused: run-c/checkpoint-20 is of the same step: keep one of them.",
                            "run-c/checkpoint-20 is refused: run-c/step-20 is of the same step: keep one of them.",
                            "2 checkpoints are recorded, 0 are waited for, 3 checkpoints or scores are refused, 1 runs"
                                    + " have no checkpoint.");
            assertThat(first.status()).isEqualTo(3);
        }
    }

    @Test
    void oneReaderOfFoldersMeasuresWaitsOrRefuses() throws Exception {
        Files.writeString(
                watched.resolve("basin.yaml"), MANIFEST.replace("sentences: 640", "maxLength: 3\nsentences: 640"));
        Path stale = model("gpt2", "run-a", 10, 1);
        Files.writeString(
                stale.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\"}}");
        model("gpt2", "run-a", 15, 2);
        for (int step : new int[] {10, 15}) {
            Path weights = watched.resolve("run-a/step-" + step + "/model.safetensors");
            Files.write(weights, wrapped(Files.readAllBytes(weights)));
        }
        Files.copy(stale.resolve("config.json"), watched.resolve("run-a/config.json"));
        Path half = model("gpt2", "run-b", 10, 1).resolve("config.json");
        Files.writeString(half, Files.readString(half).substring(0, 30));
        Path broken = model("gpt2", "run-b", 15, 1).resolve("config.json");
        Files.writeString(broken, Files.readString(broken).replaceFirst("\\{", "{,"));
        Path other = model("gpt2", "run-b", 20, 1);
        Files.move(other.resolve("model.safetensors"), other.resolve("pytorch_model.bin"));
        Path words = encoder("run-c", 20).resolve("tokenizer.json");
        Files.writeString(words, Files.readString(words).replace(": 9", ": 99"));
        Path bin = Files.createDirectories(watched.resolve("run-d/epoch3"));
        Files.write(bin.resolve("pytorch_model.bin"), new byte[8]);
        Files.writeString(
                scores.resolve("scores.csv"),
                "run,step,task,score,n\nrun-a,10,questions,0.5,40\nrun-d,20,questions,0.5,40\n");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("data"))) {
            Typed look = once(
                    broker.bootstrapServers(),
                    "--scores",
                    folder.resolve("none.csv").toString());
            assertThat(look.error()).contains(" checkpoints, about ").doesNotContain("basin:");
            assertThat(look.lines())
                    .contains(
                            "run-a/step-10 is recorded.",
                            "run-a/step-15 is recorded.",
                            "Run run-a: 200 of 200 lines of " + watched.resolve("held-out.txt")
                                    + " are cut to 3 tokens, as maxLength says.",
                            "Run run-a: Taken off the names of tensors, as PyTorch's wrappers add it: '_orig_mod.',"
                                    + " 'module.'.",
                            "The model in run-a itself is left out, because no name tells its step: put it into a"
                                    + " folder step-N.",
                            "run-b/step-10 is waited for: " + half
                                    + " ends before its JSON does, in line 2: save the model again.",
                            "run-b/step-20 is refused: " + other + " holds pytorch_model.bin, which is not read, and no"
                                    + " model.safetensors: convert it with transformers, where"
                                    + " AutoModelForCausalLM.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER), or"
                                    + " AutoModelForMaskedLM for a masked model, writes safetensors; merge adapters"
                                    + " before.",
                            "run-d/epoch3 is left out: call a checkpoint's folder step-N or checkpoint-N, of at most"
                                    + " nine digits.",
                            "--scores " + folder.resolve("none.csv") + " is not there yet: it is read when it is.",
                            "2 checkpoints are recorded, 1 are waited for, 3 checkpoints or scores are refused, 1 runs"
                                    + " have no checkpoint. 1 scores wait for their checkpoints.")
                    .filteredOn(line -> line.startsWith("Run run-a"))
                    .as("what is the same in both checkpoints is said once")
                    .hasSize(2);
            assertThat(look.out())
                    .contains(
                            "run-b/step-15 is refused: " + broken + " is no JSON in line 1, column 2",
                            "run-c/step-20 is refused: Line ",
                            " has token 99, and the network's last token is 9: put the model's own tokenizer");
            assertThat(look.status()).isEqualTo(3);
        }
    }

    /** Returns a safetensors file whose tensors are named as in a compiled, distributed model. */
    private static byte[] wrapped(byte[] file) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(all.getLong())];
        all.get(header);
        ObjectNode renamed = Json.mapper().createObjectNode();
        Json.mapper()
                .readTree(header)
                .properties()
                .forEach(tensor -> renamed.set(
                        (tensor.getKey().equals("__metadata__") ? "" : "_orig_mod.module.") + tensor.getKey(),
                        tensor.getValue()));
        byte[] text = Json.mapper().writeValueAsBytes(renamed);
        return ByteBuffer.allocate(8 + text.length + all.remaining())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(all)
                .array();
    }

    @Test
    void aManifestThatCannotBeIsRefused() throws IOException {
        String data = folder.resolve("none").toString();
        Files.writeString(watched.resolve("basin.yaml"), MANIFEST.replace("seed: 5", "sead: 5"));
        basin("ingest", "--once", "--watch", watched.toString(), "--data", data)
                .refused("line 4: unknown field 'sead' (did you mean 'seed'?): remove it or use one of");
        Files.writeString(watched.resolve("basin.yaml"), MANIFEST.replace("match: [3.0]", "match: 3.0"));
        basin("ingest", "--once", "--watch", watched.toString(), "--data", data).refused("'analysis.match' is no list");
        Files.writeString(watched.resolve("basin.yaml"), MANIFEST.replace("sentences: 640", "sentences: 6"));
        basin("ingest", "--once", "--watch", watched.toString(), "--data", data).refused("sentences is 6");
        Files.writeString(watched.resolve("basin.yaml"), MANIFEST.replace("held-out.txt", "none.txt"));
        basin("ingest", "--once", "--watch", watched.toString(), "--data", data).refused("text is none.txt");
        Files.delete(watched.resolve("basin.yaml"));
        basin("ingest", "--once", "--watch", watched.toString(), "--data", data).refused("holds no basin.yaml");
    }

    @Test
    void aManifestIsProposedFromWhatLiesThere() throws IOException {
        String data = folder.resolve("proposed").toString();
        Files.delete(watched.resolve("basin.yaml"));
        encoder("lr-0.01-seed-1", 10);
        encoder("lr-0.01-seed-1", 20);
        encoder("lr-0.01-seed-2", 20);
        Path logged = encoder("run-c", 10);
        Files.move(logged, logged.resolveSibling("checkpoint-10"));
        Files.writeString(
                watched.resolve("run-c/checkpoint-10/trainer_state.json"),
                "{\"global_step\": 10, \"max_steps\": 10, \"log_history\": [{\"learning_rate\": 1e-05},"
                        + " {\"learning_rate\": 0.0004}, {\"learning_rate\": 2e-05}, {\"eval_loss\": 3}]}");
        encoder("run-d", 20);
        Files.createDirectories(watched.resolve("notes"));
        Typed proposed = basin("ingest", "--once", "--watch", watched.toString(), "--data", data);
        assertThat(proposed.status()).isEqualTo(3);
        assertThat(proposed.out()).contains("There was no manifest. ", "give the same command again");
        String yaml = Files.readString(watched.resolve("basin.yaml"));
        assertThat(yaml)
                .contains(
                        "study: watched\n",
                        "text: held-out.txt\n",
                        "steps: 20\n",
                        "  - {name: d8, width: 8, layers: 1, heads: 2, intermediate: 12}\n",
                        "  - {name: lr-0.01-seed-1, size: d8, algorithm: adamw, learningRate: 0.01, seed: 1}\n",
                        "  - {name: lr-0.01-seed-2, size: d8, algorithm: adamw, learningRate: 0.01, seed: 2}\n",
                        "  - {name: run-c, size: d8, algorithm: adamw, learningRate: 0.0004, seed: 1, steps: 10}\n",
                        "  - {name: run-d, size: d8, algorithm: adamw, learningRate: 0.001, seed: 1}\n",
                        "0.001 stands where no file tells it")
                .doesNotContain("notes");
        Typed taken = basin("ingest", "--once", "--watch", watched.toString(), "--data", data);
        assertThat(taken.out()).contains("5 checkpoints are recorded");
        assertThat(taken.status()).isZero();
        assertThat(watched.resolve("basin.yaml")).content().isEqualTo(yaml);
    }
}

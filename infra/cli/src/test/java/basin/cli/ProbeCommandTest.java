package basin.cli;

import static basin.cli.Typed.basin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.language.Grammars;
import basin.language.Pcfg;
import basin.language.export.EncoderFolder;
import basin.network.EncoderShape;
import basin.network.Initialisation;
import basin.study.Json;
import basin.study.ProgramVersion;
import basin.study.Seeds;
import basin.study.Sha256;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a model in a folder is measured, or refused with one sentence. */
class ProbeCommandTest {
    private static final Pcfg LANGUAGE = Grammars.tree(2, 3, 2, 6, 1);
    private static final EncoderShape SHAPE = new EncoderShape(6, 4, 8, 1, 2, 12);
    private static final Path MODELS = Path.of("../network/src/test/resources/basin/network/folder");

    @TempDir
    private Path folder;

    private Path model;
    private Path text;

    @BeforeEach
    void aFolderAndAText() throws IOException {
        model = Files.createDirectory(folder.resolve("model"));
        EncoderFolder.write(model, SHAPE, Initialisation.of(SHAPE, 0.3, 5), LANGUAGE);
        RandomGenerator random = Seeds.generator(3, "text");
        text = folder.resolve("text.txt");
        Files.writeString(
                text,
                Stream.generate(() -> LANGUAGE.sample(random))
                        .limit(200)
                        .map(sentence -> Arrays.stream(sentence)
                                .mapToObj(word -> "w" + word)
                                .collect(Collectors.joining(" ")))
                        .collect(Collectors.joining("\n")));
    }

    private JsonNode json(String name) throws IOException {
        return Json.mapper().readTree(folder.resolve(name).toFile());
    }

    private static double value(JsonNode report, int reading) {
        return report.path("readings").path(reading).path("value").path("value").asDouble();
    }

    /** Returns the report on a model, as a program gets it. */
    private static JsonNode report(String... arguments) {
        List<String> all = new ArrayList<>(List.of("probe"));
        all.addAll(List.of(arguments));
        all.add("--json");
        return Documents.valid("probe", basin(all.toArray(String[]::new)));
    }

    @Test
    void everyNumberOfThreadsGivesTheSameNumbersAndTheMemoryIsToldBefore() {
        JsonNode one = report(model.toString(), "--threads", "1").path("readings");
        assertThat(one).isNotEmpty();
        assertThat(report(model.toString(), "--threads", "3").path("readings")).isEqualTo(one);
        assertThat(basin("probe", model.toString(), "--threads", "2").error())
                .contains("Needs about 0.")
                .contains("12 bytes for each of")
                .contains("on 2 threads");
        basin("probe", model.toString(), "--threads", "0").refused("--threads is 0: give a number from 1 to 1024");
    }

    private static String sha256(Path file) throws IOException {
        return Sha256.hex(Files.readAllBytes(file));
    }

    @Test
    void ofItsOwnLanguage() throws IOException {
        String[] command = {model.toString(), "--estimator", "paired", "--dtype", "float64"};
        Typed typed = basin(
                "probe",
                model.toString(),
                "--estimator",
                "paired",
                "--dtype",
                "float64",
                "--logits",
                folder.resolve("logits.json").toString());
        assertThat(typed.status()).as(typed.error()).isZero();
        assertThat(typed.out() + typed.error())
                .contains(
                        "roberta-prelayernorm",
                        "stored as F32",
                        "its own language",
                        "100 %  40 of 40 batches",
                        "whenever one looks",
                        "100 %  loss of batches 40 of 40");
        assertThat(typed.out())
                .contains(
                        "hessian.trace",
                        "95 % interval",
                        "loss of guessing, ln(vocabulary)",
                        "effective rank",
                        "40 batches of 16 sentences with 1 probe each, seed 1, float64 on cpu: 640 sentences",
                        "SHA-256 of model.safetensors: " + sha256(model.resolve("model.safetensors")),
                        "SHA-256 of language.json: " + sha256(model.resolve("language.json")),
                        "  Basin: " + ProgramVersion.current());
        JsonNode report = report(command);
        assertThat(report.path("readings")).hasSize(4);
        assertThat(report.path("model").path("parameters").asInt()).isEqualTo(SHAPE.parameterCount());
        assertThat(report.path("readings").path(1).path("effectiveRank").asDouble())
                .isPositive();
        assertThat(report.path("estimatorVersion").asInt()).isPositive();
        // Untrained, so about that of a guess.
        assertThat(report.path("loss").path("value").asDouble()).isCloseTo(Math.log(SHAPE.vocabulary()), within(0.5));
        assertThat(report.path("loss").path("n").asInt()).isEqualTo(640);
        assertThat(report.path("uniformLoss").asDouble()).isEqualTo(Math.log(SHAPE.vocabulary()));
        JsonNode scored = json("logits.json").path("examples");
        assertThat(scored).hasSize(16);
        assertThat(scored.path(0).path("logits").path(0)).hasSize(SHAPE.vocabulary());
        assertThat(scored.path(0)
                        .path("tokens")
                        .path(scored.path(0).path("places").path(0).asInt())
                        .asInt())
                .isEqualTo(EncoderShape.MASK);
        assertThat(value(report(model.toString(), "--estimator", "paired"), 1))
                .isCloseTo(value(report, 1), within(1e-3 * Math.abs(value(report, 1))));
    }

    @Test
    void toAStandardError() throws IOException {
        assertThat(report(model.toString(), "--precision", "10%").path("readings"))
                .filteredOn(reading -> reading.path("quantity").asText().endsWith("trace"))
                .hasSize(2)
                .allSatisfy(reading -> assertThat(
                                reading.path("value").path("stderr").asDouble())
                        .isLessThanOrEqualTo(
                                0.1 * reading.path("value").path("value").asDouble()));
        Typed typed = basin("probe", model.toString(), "--precision", "0.1%", "--pairs", "45");
        assertThat(typed.out() + typed.error())
                .contains(" of about 45 batches", " % of 0.1 % wanted", "Not reached: ", "give more pairs");
        Typed timed = basin("probe", model.toString(), "--precision", "0.01%", "--at-most", "1s");
        assertThat(timed.out() + timed.error()).contains("Not reached: ", "give more time or pairs");
        basin("probe", model.toString(), "--precision", "2")
                .refused("--precision is '2': give a share such as 2% or 0.02");
        basin("probe", model.toString(), "--at-most", "soon").refused("--at-most is 'soon': give a time such as 30s");
        basin("probe", model.toString(), "--precision", "2%", "--probes", "3")
                .refused("--probes is 3: leave it out where 'to' is given");
    }

    @Test
    void ofATextTheFastWayAndTheGeneralWayAgree() throws IOException {
        String[] command = {
            "probe",
            model.toString(),
            "--text",
            text.toString(),
            "--dtype",
            "float64",
            "--estimator",
            "fisher.output",
            "--json"
        };
        JsonNode first = Documents.valid("probe", basin(command));
        assertThat(first.path("data").path("description").asText())
                .startsWith("200 lines of " + text)
                .endsWith("one masked token per line");
        assertThat(first.path("data").path("sha256").asText()).isEqualTo(sha256(text));
        // With another epsilon the network is none of Basin's own, but its numbers hardly change.
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("1.0E-12", "1.1E-12"));
        double fast = value(first, 0);
        assertThat(value(Documents.valid("probe", basin(command)), 0)).isCloseTo(fast, within(1e-6 * fast));
        basin("probe", model.toString()).refused("does not read the language");
    }

    @Test
    void ofACausalModel() throws IOException {
        Path gpt2 = Files.createDirectory(folder.resolve("gpt2"));
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(MODELS.resolve("gpt2").resolve(name), gpt2.resolve(name));
        }
        basin("probe", gpt2.toString()).refused("holds no language.json");
        basin("probe", gpt2.toString(), "--text", text.toString()).refused("holds no tokenizer.json");
        Files.copy(model.resolve("tokenizer.json"), gpt2.resolve("tokenizer.json"));
        basin("probe", gpt2.toString(), "--text", text.toString(), "--max-length", "4", "--estimator", "hessian.split")
                .says(
                        "gpt2",
                        "200 lines",
                        "800 tokens",
                        "all next tokens of a line",
                        "200 of 200 lines of " + text + " are cut to 4 tokens, as --max-length says.",
                        "hessian.fisher.gap");
        Path settings = Files.writeString(gpt2.resolve("tokenizer_config.json"), "{\"model_max_length\": 3}");
        basin("probe", gpt2.toString(), "--text", text.toString(), "--estimator", "fisher.output")
                .says("600 tokens", "are cut to 3 tokens, as model_max_length in tokenizer_config.json says.");
        Files.writeString(settings, "{\"model_max_length\": 512, \"add_bos_token\": false, \"bos_token\": \"<s>\"}");
        basin("probe", gpt2.toString(), "--text", text.toString())
                .refused("add_bos_token is false in " + settings + ": tokenizer.json adds '<s>'");
        Files.delete(settings);
        basin("probe", gpt2.toString(), "--text", text.toString(), "--max-length", "8")
                .refused("--max-length is 8: give a number of tokens from 2 to 7");
    }

    @Test
    void whatMakesTheNumbersDoubtfulIsSaid() throws IOException {
        Path llama = Files.createDirectory(folder.resolve("llama"));
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(MODELS.resolve("llama").resolve(name), llama.resolve(name));
        }
        Path config = llama.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config).replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true"));
        Files.writeString(
                llama.resolve("tokenizer.json"),
                Files.readString(model.resolve("tokenizer.json")).replace("<unk>", "<mask>"));
        Files.writeString(text, Files.readString(text) + "\nw1 zebra w2 gnu");
        String[] command = {llama.toString(), "--text", text.toString(), "--estimator", "fisher.output", "--pairs", "40"
        };
        List<String> notes = report(command)
                .path("notes")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
        assertThat(notes).hasSize(3);
        assertThat(notes.get(0)).startsWith("tie_word_embeddings is true in config.json, and the files hold");
        assertThat(notes.get(1)).startsWith("2 of 1,005 tokens of " + text + " are unknown to the tokenizer");
        assertThat(notes.get(2))
                .startsWith("The loss, ")
                .contains(" is not below ln(vocabulary) = 2.398, that of guessing: the model is not trained, or");
        List<String> all = new ArrayList<>(List.of("probe"));
        all.addAll(List.of(command));
        Typed typed = basin(all.toArray(String[]::new));
        assertThat(typed.out() + typed.error()).contains(notes);
    }

    private Path another(String name, EncoderShape shape, long seed) throws IOException {
        Path other = Files.createDirectories(folder.resolve(name));
        EncoderFolder.write(other, shape, Initialisation.of(shape, 0.3, seed), LANGUAGE);
        return other;
    }

    @Test
    void severalFoldersAreMeasuredOnTheSameBatchesAndCompared() throws IOException {
        Path copy = another("copy", SHAPE, 5);
        Path other = another("other", SHAPE, 6);
        Path wider = another("wider", new EncoderShape(6, 4, 16, 1, 2, 12), 6);
        Path none = folder.resolve("none");
        Path csv = folder.resolve("table.csv");
        Typed typed = basin(
                "probe",
                model.toString(),
                copy.toString(),
                none.toString(),
                other.toString(),
                wider.toString(),
                "--json",
                "--csv",
                csv.toString());
        assertThat(typed.status()).isEqualTo(3);
        assertThat(typed.error()).contains("basin: " + none + " is no folder: name one with config.json");
        JsonNode compared = Documents.valid("probes", typed);
        JsonNode alone = report(other.toString());
        JsonNode again = compared.path("probes").path(2);
        assertThat(again.path("readings")).isEqualTo(alone.path("readings"));
        assertThat(again.path("loss")).isEqualTo(alone.path("loss"));
        assertThat(compared.path("refused").findValuesAsText("folder")).containsExactly(none.toString());
        assertThat(compared.path("unpaired").findValuesAsText("folder")).containsExactly(wider.toString());
        assertThat(compared.path("unpaired").path(0).path("sentence").asText())
                .isEqualTo("its tensors have other shapes than those of " + model + ".");
        JsonNode differences = compared.path("differences");
        assertThat(differences.findValuesAsText("quantity"))
                .containsExactly(
                        "loss",
                        "fisher.trace",
                        "hessian.trace",
                        "hessian.fisher.gap",
                        "loss",
                        "fisher.trace",
                        "hessian.trace",
                        "hessian.fisher.gap");
        assertThat(differences.findValuesAsText("against")).containsOnly(model.toString());
        for (int i = 0; i < 4; i++) {
            assertThat(differences.path(i).path("folder").asText()).isEqualTo(copy.toString());
            JsonNode same = differences.path(i).path("value");
            assertThat(same.path("value").asDouble()).isZero();
            assertThat(same.path("stderr").asDouble()).isZero();
            assertThat(same.path("n").asInt()).isEqualTo(40);
        }
        double own = value(again, 1);
        double first = value(compared.path("probes").path(0), 1);
        JsonNode trace = differences.path(6).path("value");
        assertThat(trace.path("value").asDouble()).isCloseTo(own - first, within(1e-9 * Math.abs(own)));
        assertThat(trace.path("low").asDouble()).isLessThan(own - first);
        assertThat(trace.path("high").asDouble()).isGreaterThan(own - first);
        List<String> lines = Files.readAllLines(csv);
        assertThat(lines).hasSize(1 + 4 * 4 + 1);
        assertThat(lines.getFirst()).startsWith("folder,model_type,parameters,quantity,unit,value,stderr,low,high,n,");
        assertThat(lines)
                .filteredOn(line -> line.startsWith(other + ",") && line.contains(",hessian.trace,"))
                .singleElement()
                .asString()
                .contains(
                        String.valueOf(own), String.valueOf(trace.path("value").asDouble()));
        assertThat(lines.getLast()).startsWith(none + ",,,").contains("is no folder");
    }

    @Test
    void theTableOfSeveralFoldersFitsATerminal() throws IOException {
        for (int step : new int[] {1000, 2000, 3000}) {
            another("a-long-name-of-a-run-that-is-kept-somewhere/checkpoint-of-the-step-number-" + step, SHAPE, step);
        }
        String runs = folder.resolve("a-long-name*/checkpoint*").toString();
        String second = folder.resolve("a-long-name-of-a-run-that-is-kept-somewhere/checkpoint-of-the-step-number-2000")
                .toString();
        Typed typed = basin("probe", runs, "--against", second, "--estimator", "paired");
        assertThat(typed.status()).as(typed.error()).isZero();
        assertThat(typed.error()).contains("100 %  folder 3 of 3, 40 of 40 batches");
        List<String> table = typed.out()
                .lines()
                .dropWhile(line -> !line.startsWith("In nats"))
                .takeWhile(line -> !line.startsWith("paired version"))
                .toList();
        assertThat(table).hasSize(2 + 5 * 4 + 1).allMatch(line -> line.length() <= 100);
        assertThat(table.get(1)).contains("value ± standard error", "95 % interval", "paired difference");
        assertThat(table.get(2).strip()).isEqualTo("loss");
        assertThat(table.get(3)).contains("1 checkpoint", "…", "number-1000", "] to 2");
        assertThat(table.get(4)).contains("2 checkpoint").doesNotContain(" to ");
        assertThat(table.get(5)).contains("3 checkpoint", "] to 2");
        assertThat(typed.out().replaceAll("\\s+", " "))
                .contains("each interval holds for itself")
                .doesNotContain("No paired difference");
    }

    @Test
    void modelsOfOtherTokensAreNotPaired() throws IOException {
        Path other = another("other", SHAPE, 6);
        Path tokenizer = other.resolve("tokenizer.json");
        Files.writeString(
                tokenizer,
                Files.readString(tokenizer)
                        .replace("\"w0\"", "\"w_\"")
                        .replace("\"w1\"", "\"w0\"")
                        .replace("\"w_\"", "\"w1\""));
        Path gpt2 = Files.createDirectory(folder.resolve("gpt2"));
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(MODELS.resolve("gpt2").resolve(name), gpt2.resolve(name));
        }
        Files.copy(model.resolve("tokenizer.json"), gpt2.resolve("tokenizer.json"));
        Typed typed = basin(
                "probe",
                model.toString(),
                other.toString(),
                gpt2.toString(),
                "--text",
                text.toString(),
                "--max-length",
                "4",
                "--estimator",
                "fisher.output");
        assertThat(typed.status()).as(typed.error()).isZero();
        assertThat(typed.out().replaceAll("\\s+", " "))
                .contains(
                        "No paired difference for " + model + ": its tokenizer gives other tokens than that of "
                                + other,
                        "No paired difference for " + other + ": its tokenizer gives other tokens than that of "
                                + model,
                        "No paired difference for " + gpt2 + ": its model_type is gpt2, that of " + model
                                + " roberta-prelayernorm.")
                .doesNotContain(" to 1");
    }

    @Test
    void severalFoldersThatCannotBeMeasured() {
        String at = model.toString();
        Typed typed = basin(
                "probe", folder.resolve("a").toString(), folder.resolve("b").toString());
        assertThat(typed.status()).isEqualTo(2);
        assertThat(typed.out()).isEmpty();
        assertThat(typed.error().lines())
                .filteredOn(line -> line.startsWith("basin: "))
                .hasSize(2);
        basin("probe", folder.resolve("step*").toString()).refused("step*', which matches no folder: name folders");
        basin("probe", folder.resolve("step[").toString()).refused("step[', which is no pattern");
        basin(
                        "probe",
                        at,
                        folder.resolve("a").toString(),
                        "--logits",
                        folder.resolve("l.json").toString())
                .refused("--logits is given with 2 folders: name one");
        basin("probe", at, "--against", folder.resolve("m*").toString()).refused("', which is no folder: name one");
        basin("probe", at, "--csv", folder.resolve("no/where").toString()).refused("--csv");
        assertThat(basin("probe", at, at).says("value ± standard error").out())
                .as("a folder that is given twice is measured once")
                .contains("SHA-256 of model.safetensors");
    }

    @Test
    void whatCannotBeMeasured() throws IOException {
        String at = model.toString();
        basin("probe", folder.resolve("none").toString()).refused("is no folder");
        basin("probe", "gpt2")
                .refused("gpt2 is no folder: name one with config.json and model.safetensors, or download that model"
                        + " first, with huggingface-cli download gpt2 --local-dir gpt2");
        basin("probe", at, "--dtype", "int8").refused("--dtype is 'int8': give float32 or float64");
        basin("probe", at, "--device", "cuda:99")
                .refused("--device is 'cuda:99', which this machine does not have: give");
        basin("probe", at, "--pairs", "12").refused("--pairs is 12: give a whole number from 40");
        basin("probe", at, "--estimator", "guess").refused("--estimator is 'guess': give one of");
        basin("probe", at, "--max-length", "4").refused("--max-length is given without --text");
        basin("probe", at, "--logits", folder.resolve("no/where").toString()).refused("--logits");
        basin("probe", at, "--text", folder.resolve("none").toString()).refused("cannot be read");
        byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));
        Files.write(model.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length - 4));
        basin("probe", at).refused("fetch or save it again");
    }
}

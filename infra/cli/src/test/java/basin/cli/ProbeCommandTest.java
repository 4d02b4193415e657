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
import basin.study.Seeds;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

    @Test
    void ofItsOwnLanguage() throws IOException {
        basin(
                        "probe",
                        model.toString(),
                        "--estimator",
                        "paired",
                        "--dtype",
                        "float64",
                        "--json",
                        folder.resolve("a.json").toString(),
                        "--logits",
                        folder.resolve("logits.json").toString())
                .says(
                        "roberta-prelayernorm",
                        "stored as F32",
                        "its own language",
                        "100 %  40 of 40 batches",
                        "whenever one looks",
                        "hessian.trace",
                        "95 % interval",
                        "40 batches of 16 sentences with 1 probe each, seed 1, float64 on cpu");
        JsonNode report = json("a.json");
        assertThat(report.path("readings")).hasSize(4);
        assertThat(report.path("parameters").asInt()).isEqualTo(SHAPE.parameterCount());
        assertThat(report.path("readings").path(1).path("effectiveRank").asDouble())
                .isPositive();
        JsonNode scored = json("logits.json").path("examples");
        assertThat(scored).hasSize(16);
        assertThat(scored.path(0).path("logits").path(0)).hasSize(SHAPE.vocabulary());
        assertThat(scored.path(0)
                        .path("tokens")
                        .path(scored.path(0).path("places").path(0).asInt())
                        .asInt())
                .isEqualTo(EncoderShape.MASK);
        basin(
                "probe",
                model.toString(),
                "--estimator",
                "paired",
                "--json",
                folder.resolve("b.json").toString());
        assertThat(value(json("b.json"), 1)).isCloseTo(value(report, 1), within(1e-3 * Math.abs(value(report, 1))));
    }

    @Test
    void toAStandardError() throws IOException {
        String to = folder.resolve("a.json").toString();
        basin("probe", model.toString(), "--precision", "5%", "--json", to)
                .says("hessian.split version 1", "gradients of one example");
        assertThat(json("a.json").path("readings"))
                .filteredOn(reading -> reading.path("quantity").asText().endsWith("trace"))
                .hasSize(2)
                .allSatisfy(reading -> assertThat(
                                reading.path("value").path("standardError").asDouble())
                        .isLessThanOrEqualTo(
                                0.05 * reading.path("value").path("value").asDouble()));
        basin("probe", model.toString(), "--precision", "0.1%", "--pairs", "45")
                .says("Not reached: ", "give more pairs");
        basin("probe", model.toString(), "--precision", "0.01%", "--at-most", "1s")
                .says("Not reached: ", "give more time or pairs");
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
            "--json",
            folder.resolve("a.json").toString()
        };
        basin(command).says("200 lines of " + text, "one masked token a line");
        // With another epsilon the network is none of Basin's own, but its numbers hardly change.
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("1.0E-12", "1.1E-12"));
        double fast = value(json("a.json"), 0);
        basin(command).says("200 lines of " + text);
        assertThat(value(json("a.json"), 0)).isCloseTo(fast, within(1e-6 * fast));
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
    void whatCannotBeMeasured() throws IOException {
        String at = model.toString();
        basin("probe", folder.resolve("none").toString()).refused("is no folder");
        basin("probe", at, "--dtype", "int8").refused("--dtype is 'int8': give float32 or float64");
        basin("probe", at, "--device", "cuda:99")
                .refused("--device is 'cuda:99', which this machine does not have: give");
        basin("probe", at, "--pairs", "12").refused("--pairs is 12: give a whole number from 40");
        basin("probe", at, "--estimator", "guess").refused("--estimator is 'guess': give one of");
        basin("probe", at, "--max-length", "4").refused("--max-length is given without --text");
        basin("probe", at, "--json", folder.resolve("no/where").toString()).refused("--json");
        basin("probe", at, "--text", folder.resolve("none").toString()).refused("cannot be read");
        byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));
        Files.write(model.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length - 4));
        basin("probe", at).refused("fetch or save it again");
    }
}

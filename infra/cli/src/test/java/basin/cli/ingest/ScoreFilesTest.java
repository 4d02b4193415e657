package basin.cli.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import basin.record.Measured;
import basin.study.file.IngestFile;
import basin.study.file.SampleManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that each line of scores is accepted, or refused with its column, its value and a remedy.
 */
class ScoreFilesTest {
    private static final Score HALF = new Score("run-a", 20, "questions", new Measured(0.5, 0.025));

    @TempDir
    private Path folder;

    private IngestFile.Manifest manifest;

    @BeforeEach
    void aManifest() throws IOException {
        manifest = IngestFile.read(Files.writeString(
                folder.resolve("basin.yaml"),
                SampleManifest.of("mine", "held-out.txt", 2)
                        .replace(
                                "  - {name: questions, baseline: 0.25}",
                                "  - {name: questions}\n  - {name: answers}")));
    }

    private ScoreFiles.Read read(String line) throws IOException {
        Path csv = Files.writeString(folder.resolve("s.csv"), "run,step,task,score,stderr,n\n" + line + "\n");
        return ScoreFiles.read(List.of(csv), manifest);
    }

    @Test
    void aLineIsAScoreWithItsErrorOrThatOfRightAndWrongAnswers() throws IOException {
        ScoreFiles.Read read = read("run-a, 20 ,questions,0.5,,400\n\nrun-b,10,answers,1,0.02,");
        assertThat(read.refused()).isEmpty();
        assertThat(read.scores())
                .containsExactly(
                        new Score("run-a", 20, "questions", new Measured(0.5, 0.025)),
                        new Score("run-b", 10, "answers", new Measured(1, 0.02)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "run-z,20,questions,0.5,,400 | run is 'run-z', which is not in the manifest: give one of run-a, run-b",
                "run-a,20,question,0.5,,400 | task is 'question', which is not in the manifest: give one of questions,"
                        + " answers",
                "run-a,soon,questions,0.5,,400 | step is 'soon': give a whole number",
                "run-a,20,questions,70,,400 | the score is 70.0: give a share from 0 to 1",
                "run-a,20,questions,much,,400 | score is 'much': give a number",
                "run-a,20,questions,,,400 | the score is absent",
                "run-a,20,questions,0.5,,few | n is 'few': give a number",
                "run-a,20,questions,0.5,, | neither a standard error nor n is given",
                "run-a,20,questions,0.5,-1, | the standard error is -1.0",
                "run-a,20,questions,0.5,2.2, | the standard error is 2.2: give that of a share, from 0 to 0.5",
                "run-a,20,questions,0.5 | has 4 columns: give 6, run,step,task,score,stderr,n",
                "run-a,20,questions,NaN,0.02, | score is 'NaN': give a number",
                "run-a,20,questions,0.5,NaN, | stderr is 'NaN': give a number",
                "run-a,20,questions,Infinity,0.02, | score is 'Infinity': give a number",
                "run-a,20,questions,0x1p-1,0.02, | score is '0x1p-1': give a number",
                "run-a,20,questions,-0.1,0.02, | the score is -0.1: give a share from 0 to 1",
                "run-a,20,questions,0.5,,0 | n is 0.0: give the whole number of answers",
                "run-a,20,questions,0.5,,2.5 | n is 2.5: give the whole number of answers",
                "run-a,20.0,questions,0.5,,400 | step is '20.0': give a whole number",
                "run-a,20,questions,\"0,5\",,400 | score is '0,5': give a number, such as 0.41",
            })
    void whatIsNoScoreIsRefusedInOneSentence(String line, String expected) throws IOException {
        ScoreFiles.Read read = read(line);
        assertThat(read.scores()).isEmpty();
        assertThat(read.refused()).singleElement().asString().contains("s.csv, line 2", expected);
    }

    private Path csv(String text) throws IOException {
        return Files.writeString(folder.resolve("s.csv"), text);
    }

    private ScoreFiles.Read readAll(Path... places) {
        return ScoreFiles.read(List.of(places), manifest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\ufeffrun,step,task,score,stderr,n\r\nrun-a,20,questions,0.5,,400\r\n",
                "\"run\",\"step\",\"task\",\"score\",\"stderr\",\"n\"\n"
                        + "\"run-a\",\"20\",\"questions\",\"0.5\",\"\",\"400\"",
                "n,score,task,step,run\n400,0.5,questions,20,run-a\n\n",
                "run, step, task, score, stderr\n\nrun-a, 20, questions, 5e-1, .025\n",
                "run,step,task,score,n\nrun-a,20,questions,0.5,400\nrun-a,20,questions,0.50,400.0\n"
            })
    void quotesOrderMarksAndEndsOfLinesDoNotMatter(String text) throws IOException {
        ScoreFiles.Read read = readAll(csv(text));
        assertThat(read.refused()).isEmpty();
        assertThat(read.scores()).containsExactly(HALF);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "run;step;task;score;stderr;n@run-a;20;questions;0,5;;400 | s.csv, line 1, has semicolons between its"
                        + " columns: save it with commas",
                "run#step#task#score#stderr#n@run-a#20#questions#0.5##400 | s.csv, line 1, has tabs between",
                "Run,step,task,score,n@run-a,20,questions,0.5,400 | there is no column 'Run': write 'run'",
                "run,step,task,score,N@run-a,20,questions,0.5,400 | there is no column 'N': write 'n'",
                "run,step,task,score,n,seed@run-a,20,questions,0.5,400,1 | no column 'seed': give"
                        + " run,step,task,score,stderr,n alone",
                "run,step,task,score,run@run-a,20,questions,0.5,run-a | has the column 'run' twice",
                "run,step,task,n@run-a,20,questions,400 | has no column 'score'",
                "run-a,20,questions,0.5,,400 | does not begin with run,step,task,score,stderr,n",
                "@ | does not begin with run,step,task,score,stderr,n",
                "run,step,task,score,n@run-a,20,\"questions,0.5,400@ | is no CSV: close every quote",
            })
    void aTableThatCannotBeReadIsRefusedOnce(String text, String expected) throws IOException {
        ScoreFiles.Read read = readAll(csv(text.replace('@', '\n').replace('#', '\t')));
        assertThat(read.scores()).isEmpty();
        assertThat(read.refused()).singleElement().asString().contains("s.csv", expected);
    }

    @Test
    void oneBadFileEndsNothing() throws IOException {
        Path scores = Files.createDirectory(folder.resolve("scores"));
        Files.write(
                scores.resolve("a.csv"),
                "run,step,task,score,n\nrün,1,q,0.5,4\n".getBytes(StandardCharsets.ISO_8859_1));
        Files.write(scores.resolve("b.json"), "{\"results\": {}}".getBytes(StandardCharsets.UTF_16));
        Files.writeString(scores.resolve("c.json"), "{\"results\": {");
        Files.writeString(scores.resolve("d.json"), "{\"results\": {]}");
        Files.writeString(scores.resolve("e.json"), "[1, 2]");
        Files.writeString(scores.resolve("f.CSV"), "run,step,task,score,n\nrun-a,20,questions,0.5,400\n");
        Files.writeString(scores.resolve("g.json"), """
            {"results": {"questions": {"acc,none": 0.5, "acc_stderr,none": 0.025, "perplexity,none": NaN,
                                       "bits,none": Infinity, "least,none": -Infinity}},
             "config": {"model_args": "{'pretrained': '/x/run-a/step-20'}"}}
            """);
        Files.writeString(
                scores.resolve("h.json"),
                Files.readString(scores.resolve("g.json"))
                        .replace("{'pretrained': '", "pretrained=")
                        .replace("'}", ""));
        Files.writeString(scores.resolve("notes.txt"), "none");
        ScoreFiles.Read read = readAll(scores, folder.resolve("absent.csv"));
        assertThat(read.scores()).containsExactly(HALF);
        assertThat(read.refused()).hasSize(5);
        assertThat(read.refused().get(4)).contains("config.model_args of ", "g.json is no JSON in line 1, column 2");
        assertThat(read.refused().get(0)).contains("a.csv is no UTF-8 text at byte 23 (0xFC)");
        assertThat(read.refused().get(1)).contains("b.json is UTF-16 text");
        assertThat(read.refused().get(2)).contains("c.json ends before its JSON does, in line 1: let");
        assertThat(read.refused().get(3)).contains("d.json is no JSON in line 1, column 14");
        assertThat(readAll(scores.resolve("notes.txt")).refused())
                .singleElement()
                .asString()
                .contains("notes.txt is neither CSV nor JSON by its name");
    }

    @Test
    void ofContradictingScoresNoneIsTaken() throws IOException {
        Path other = Files.writeString(
                folder.resolve("t.csv"),
                "run,step,task,score,n\nrun-a,20,questions,0.6,400\nrun-b,20,answers,0.5,400\n");
        ScoreFiles.Read read = readAll(csv("run,step,task,score,n\nrun-a,20,questions,0.5,400\n"), other);
        assertThat(read.scores()).containsExactly(new Score("run-b", 20, "answers", new Measured(0.5, 0.025)));
        assertThat(read.refused())
                .singleElement()
                .asString()
                .contains(
                        "run-a at step 20 on questions", "0.5 ± 0.025 by", "s.csv, line 2", "0.6 ± ", "t.csv, line 2");
    }

    private ScoreFiles.Read results(String place, String json) throws IOException {
        Path file = folder.resolve(place);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return readAll(Files.writeString(file, json));
    }

    private static String json(String config, @Nullable String more) {
        return "{\"results\": {\"questions\": {\"acc,none\": 0.5, \"acc_stderr,none\": 0.025, \"perplexity,none\":"
                + " NaN}}, \"config\": {" + config + "}" + more + "}";
    }

    /**
     * Outputs of each version of the harness and variants by users; the fields name the checkpoint.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"model_args\": \"pretrained=/exp/run-a/step-20\" | ",
                "\"model_args\": \"pretrained=/exp/run-a/checkpoint-20/,tokenizer=/exp/run-b/step-10,dtype=float\" | ",
                "\"model_args\": \"tokenizer=/exp/run-b/step-10,pretrained=/exp/run-a/step-20\" | ",
                "\"model_args\": {\"tokenizer\": \"/exp/run-b/step-10\", \"pretrained\": \"/exp/run-a/step-20\"} | ",
                "\"model_args\": \"{\\\"pretrained\\\": \\\"/exp/run-a/step-20\\\", \\\"draft\\\":"
                        + " \\\"/exp/run-b/step-10\\\"}\" | ",
                "\"model_args\": \"pretrained=C:\\\\exp\\\\run-a\\\\step-20\" | ",
                "\"model_args\": \"pretrained=run-a/step-20,revision=main\" | ",
                "\"model_args\": \"pretrained=me/run-a,revision=step-20\" | , \"model_name\": \"me/run-a\"",
                "\"model_args\": \"pretrained=/exp/run-a,subfolder=step-20\" | , \"model_name\": \"/exp/run-a\"",
                "\"model_args\": \"path=/exp/run-a/step-20,devices=1\", \"model\": \"nemo_lm\" | ",
                "\"model_args\": null, \"model\": \"/exp/run-a/step-20\" | ",
                "\"model_args\": \"\" | , \"model_name\": \"/exp/run-a/step-20\"",
                "\"model\": \"hf\" | , \"model_name\": \"\", \"model_name_sanitized\": \"__exp__run-a__step-20\"",
                "\"model_args\": \"pretrained=/exp/run-a/step-20\" | , \"model_name\": \"/exp/run-a/step-20\","
                        + " \"model_name_sanitized\": \"__exp__run-a__step-20\"",
            })
    void theFieldSaysWhichCheckpointItIs(String config, @Nullable String more) throws IOException {
        ScoreFiles.Read read = results("x/results_1.json", json(config, more == null ? "" : more));
        assertThat(read.refused()).isEmpty();
        assertThat(read.scores()).containsExactly(HALF);
    }

    @ParameterizedTest
    @CsvSource({
        "run-a/step-20/r.json",
        "run-a__step-20.json",
        "__exp__run-a__checkpoint-20/r.json",
        "run-a/step-20_2024-05-01T00.json"
    })
    void foldersSayItWhereNoFieldDoes(String place) throws IOException {
        ScoreFiles.Read read = results(place, json("\"model\": \"hf\"", ""));
        assertThat(read.refused()).isEmpty();
        assertThat(read.scores()).containsExactly(HALF);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x/r.json | \"model_args\": \"tokenizer=/exp/run-a/step-20\" | | by its place, which names no"
                        + " RUN/step-N of a run of the manifest, run-a, run-b: give its scores in a CSV file",
                "run-a/step-20/r.json | \"model_args\": \"pretrained=/exp/run-b/step-10\" | | is of run-b at step 10"
                        + " by its config.model_args.pretrained and of run-a at step 20 by its place",
                "x/r.json | \"model_args\": \"pretrained=/exp/run-a/step-20\" | , \"model_name\":"
                        + " \"/exp/run-b/step-10\" | is of run-a at step 20 by its config.model_args.pretrained and of"
                        + " run-b at step 10 by its model_name",
                "x/r.json | \"model_args\": \"pretrained=/exp/run-a/step-20\" | , \"model_name_sanitized\":"
                        + " \"__exp__run-b__step-10\" | run-b at step 10 by its model_name_sanitized",
                "run-a/step-20/r.json | \"model_args\": \"pretrained=gpt2\" | | is of 'gpt2' by its"
                        + " config.model_args.pretrained, which names no RUN/step-N",
                "x/r.json | \"model_args\": \"pretrained=/exp/run-a/step-20/merged\" | | is of"
                        + " '/exp/run-a/step-20/merged'",
                "x/r.json | \"model_args\": \"pretrained=/exp/run-a/step-20,revision=step-30\" | | 'x/run-a/step-20",
                "x/r.json | \"model_args\": \"pretrained=/exp/my-run-a/step-20\" | | is of '/exp/my-run-a/step-20'",
                "x/r.json | \"model_args\": \"pretrained=/exp/run-a/step-20,peft=/exp/run-b/step-10\" | | has"
                        + " peft=/exp/run-b/step-10 in its config.model_args",
                "run-a/step-20/run-b/step-10/r.json | \"model\": \"hf\" | | may mean run-a at step 20 or run-b at step"
                        + " 10",
                "run-a/step-20-merged/r.json | \"model\": \"hf\" | | by its place, which names no RUN/step-N",
            })
    void whatMayMeanTwoOrNoneIsRefused(String place, String config, @Nullable String more, String expected)
            throws IOException {
        ScoreFiles.Read read = results(place, json(config, more == null ? "" : more));
        assertThat(read.scores()).isEmpty();
        assertThat(read.refused()).singleElement().asString().contains(expected.replace("'x/", "'/exp/"));
    }

    @Test
    void runsWhoseNamesEndAlikeAreToldApartByTheFieldThatCan() throws IOException {
        manifest = IngestFile.read(Files.writeString(
                folder.resolve("basin.yaml"),
                Files.readString(folder.resolve("basin.yaml")).replace("run-b", "x__run-a")));
        String sanitized = ", \"model_name_sanitized\": \"__exp__x__run-a__step-20\"";
        ScoreFiles.Read both = results("x/r.json", json("\"model\": \"hf\"", sanitized));
        assertThat(both.refused())
                .singleElement()
                .asString()
                .contains("may mean run-a at step 20 or x__run-a at step 20");
        ScoreFiles.Read one = results(
                "__exp__x__run-a__step-20/r.json",
                json("\"model_args\": \"pretrained=/exp/x__run-a/step-20\"", sanitized));
        assertThat(one.refused()).isEmpty();
        assertThat(one.scores()).singleElement().extracting(Score::run).isEqualTo("x__run-a");
    }

    @Test
    void aMetricBySeveralFiltersIsNamedWithOne() throws IOException {
        String text = """
            {"results": {"questions": {"exact_match,strict": 0.25, "exact_match_stderr,strict": 0.01,
                                       "exact_match,flexible": 0.5, "exact_match_stderr,flexible": 0.025}},
             "config": {"model_args": "pretrained=/exp/run-a/step-20"}}
            """;
        assertThat(results("r.json", text).refused()).singleElement().asString().contains("has no 'acc'");
        for (String metric : List.of("exact_match", "\"exact_match,flexible\"")) {
            manifest = IngestFile.read(Files.writeString(
                    folder.resolve("basin.yaml"),
                    Files.readString(folder.resolve("basin.yaml"))
                            .replaceFirst("(?m)^(metric: .*\n)?study", "metric: " + metric + "\nstudy")));
            ScoreFiles.Read read = results("r.json", text);
            if (metric.equals("exact_match")) {
                assertThat(read.refused())
                        .singleElement()
                        .asString()
                        .contains("has 'exact_match' several times", "metric: 'exact_match,strict'");
            } else {
                assertThat(read.scores()).containsExactly(HALF);
            }
        }
    }
}

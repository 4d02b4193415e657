package basin.it.golden;

import static org.assertj.core.api.Assertions.assertThat;

import basin.it.golden.Matrix.Case;
import basin.it.golden.Matrix.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares the results of every combination that a study may have, at toy size, with golden files.
 *
 * <p>The matrix: every language kind × network × objective that is allowed is trained with AdamW;
 * every algorithm on a grammar with each network and objective, and on a text; every estimator with
 * each network and objective, on a grammar and on a text, and on every layout of model folders;
 * every task with every protocol, on each network and objective. A golden file also records which
 * combinations of two or three values are allowed, and checks every allowed one of language ×
 * network × objective × algorithm. Nothing passes through Kafka; {@link GoldenRunTest} covers that.
 *
 * <p>The profile {@code long} computes all of it. Other builds compute all model folders and
 * allowed combinations, and of each other file a few cases with every value of every factor
 * ({@link Matrix#sample}).
 *
 * <p>With {@code -Dbasin.golden=write} the files are written instead; {@code infra/docs/testing.md}
 * has the whole command. {@link Line.Kind} defines how numbers are compared, on the numeric profile
 * that wrote them and on others.
 */
@Tag("sampled")
class GoldenMatrixTest {
    @TempDir
    private static Path folder;

    private static final Pair ENCODER = new Pair("transformer", "masked");

    @BeforeAll
    static void inputs() throws IOException {
        Inputs.write(folder);
    }

    private static Path file(Case one) throws IOException {
        return Files.writeString(folder.resolve("study.yaml"), one.text());
    }

    private static boolean allows(Case one) throws IOException {
        return Program.allows(file(one));
    }

    /** Returns the networks and objectives that are allowed on a language. */
    private static List<Pair> pairs(String language) throws IOException {
        List<Pair> allowed = new ArrayList<>();
        for (Pair pair : Matrix.pairs()) {
            if (allows(new Case(language, pair, "adamw"))) {
                allowed.add(pair);
            }
        }
        return allowed;
    }

    /** Trains and measures cases, or a sample of them, and compares their lines. */
    private static void check(String file, List<Case> all) throws Exception {
        check(file, all, false, Case::name);
    }

    private static void check(String file, List<Case> all, boolean whole, Function<Case, String> name)
            throws Exception {
        List<Line> lines = new ArrayList<>();
        List<Case> cases = GoldenFile.isWhole() ? all : Matrix.sample(all);
        for (Case one : cases) {
            for (Line line : Program.study(file(one), whole)) {
                lines.add(line.under(name.apply(one)));
            }
        }
        GoldenFile.check(file, lines, cases.stream().map(name).toList());
    }

    @Test
    void whatIsAllowed() throws Exception {
        List<Line> lines = new ArrayList<>();
        for (String language : Matrix.LANGUAGES.keySet()) {
            for (Pair pair : Matrix.pairs()) {
                for (String algorithm : Matrix.ALGORITHMS.keySet()) {
                    lines.add(allowed("algorithm " + algorithm, new Case(language, pair, algorithm)));
                }
                for (String estimator : Program.estimators()) {
                    lines.add(allowed(
                            "estimator " + estimator, measuring(language, pair, List.of(Matrix.estimator(estimator)))));
                }
                for (Map.Entry<String, String> further : Matrix.FURTHER.entrySet()) {
                    lines.add(allowed(
                            "estimator with " + further.getKey(),
                            measuring(language, pair, List.of(further.getValue()))));
                }
                for (String task : Matrix.TASKS.keySet()) {
                    lines.add(allowed("task " + task, evaluating(language, pair, List.of(task))));
                }
            }
        }
        GoldenFile.check("allowed", lines);
    }

    private static Line allowed(String what, Case one) throws IOException {
        return Line.of(one.language() + " " + one.pair() + " | " + what, Line.Kind.EXACT, allows(one) ? 1 : 0);
    }

    private static Case measuring(String language, Pair pair, List<String> flatness) {
        return new Case(language, pair, "adamw", flatness, List.of(), List.of(), "float32");
    }

    private static Case evaluating(String language, Pair pair, List<String> tasks) {
        return new Case(
                language,
                pair,
                "adamw",
                List.of(),
                Matrix.forms(Matrix.TASKS, tasks),
                List.copyOf(Matrix.PROTOCOLS.values()),
                "float32");
    }

    @Test
    void trainingOnEveryLanguage() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (String language : Matrix.LANGUAGES.keySet()) {
            assertThat(pairs(language)).contains(ENCODER);
            for (Pair pair : pairs(language)) {
                cases.add(measuring(language, pair, List.of(Matrix.estimator("paired"))));
            }
        }
        check("languages", cases);
    }

    @Test
    void everyAlgorithm() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (String language : List.of("random", "text")) {
            for (Pair pair : pairs(language)) {
                for (String algorithm : Matrix.ALGORITHMS.keySet()) {
                    Case one = new Case(language, pair, algorithm);
                    if (allows(one)) {
                        cases.add(one);
                    }
                }
            }
        }
        for (String language : Matrix.LANGUAGES.keySet()) {
            for (String objective : Matrix.OBJECTIVES) {
                Case table = new Case(
                        language,
                        new Pair("transformer", objective),
                        "lookup-table",
                        List.of(),
                        Matrix.forms(
                                Matrix.TASKS, language.equals("tree") ? List.of("ancestor", "extended") : List.of()),
                        Matrix.forms(Matrix.PROTOCOLS, List.of("concatenated", "projected", "mean")),
                        "float32");
                if (!language.equals("random") && allows(table)) {
                    cases.add(table);
                }
            }
        }
        check("algorithms", cases);
    }

    @Test
    void everyEstimator() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (String language : List.of("random", "text")) {
            for (Pair pair : pairs(language)) {
                List<String> forms = new ArrayList<>();
                for (String estimator : Program.estimators()) {
                    String form = Matrix.estimator(estimator);
                    if (allows(measuring(language, pair, List.of(form)))) {
                        forms.add(form);
                    }
                }
                cases.add(measuring(language, pair, forms));
            }
        }
        check("estimators", cases);
    }

    @Test
    void wholeMeasurements() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Pair pair : pairs("tree")) {
            // Both precisions only for the encoder, because these measurements take most of the
            // time.
            for (String dtype : precisions(pair)) {
                List<String> forms = new ArrayList<>(List.of(Matrix.estimator("paired")));
                if (pair.equals(ENCODER) && dtype.equals("float32")) {
                    forms.addAll(Matrix.FURTHER.values());
                    forms.add(Matrix.estimator("spectrum.lanczos"));
                }
                cases.add(new Case("tree", pair, "adamw", forms, List.of(), List.of(), dtype));
            }
        }
        check("measurements", cases, true, one -> one.dtype() + " | " + one.name());
    }

    private static List<String> precisions(Pair pair) {
        if (pair.equals(ENCODER)) {
            return List.of("float32", "float64");
        }
        return List.of(pair.network().equals("lstm") ? "float32" : "float64");
    }

    @Test
    void everyTaskByEveryProtocol() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (String language : Matrix.LANGUAGES.keySet()) {
            for (Pair pair : pairs(language)) {
                List<String> tasks = new ArrayList<>();
                for (String task : Matrix.TASKS.keySet()) {
                    // On the other small grammars, too few shifted sentences have a label.
                    boolean shifted = String.valueOf(Matrix.TASKS.get(task)).contains("shift");
                    if ((!shifted || language.equals("tree")) && allows(evaluating(language, pair, List.of(task)))) {
                        tasks.add(task);
                    }
                }
                cases.add(evaluating(language, pair, tasks));
            }
        }
        check("tasks", cases);
    }

    @Test
    void everyLayoutOfModelFolders() throws Exception {
        List<Line> lines = new ArrayList<>();
        Path own = folder.resolve("own");
        Program.writeOwnEncoder(own);
        List<String> text = new ArrayList<>();
        for (String estimator : Program.estimators()) {
            if (allows(measuring("text", ENCODER, List.of(Matrix.estimator(estimator))))) {
                text.add(Matrix.estimator(estimator));
            }
        }
        // The first one is measured with all its batches.
        text.addFirst(Matrix.estimator("fisher.output").replace("seed: 201", "seed: 202"));
        text.remove(Matrix.estimator("fisher.output"));
        Path requested = file(measuring("text", ENCODER, text));
        for (String layout : List.of("bert", "gpt2", "opt", "roberta", "roberta-general")) {
            Path model = Files.createDirectory(folder.resolve(layout));
            try (Stream<Path> files = Files.list(Inputs.MODELS.resolve(layout))) {
                for (Path file : files.toList()) {
                    Files.copy(file, model.resolve(file.getFileName().toString()));
                }
            }
            Files.copy(own.resolve("tokenizer.json"), model.resolve("tokenizer.json"));
            Program.folder(model, folder.resolve("lines.txt"), requested)
                    .forEach(line -> lines.add(line.under(layout)));
        }
        Path exact = file(measuring(
                "tree",
                ENCODER,
                Stream.of("paired", "fisher.soft").map(Matrix::estimator).toList()));
        for (boolean precise : new boolean[] {false, true}) {
            Program.folder(own, exact, precise)
                    .forEach(line -> lines.add(line.under("own language " + (precise ? "float64" : "float32"))));
        }
        GoldenFile.check("folders", lines);
    }
}

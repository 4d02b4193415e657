package basin.it.golden;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every value of every factor, in the syntax of study files, and the combinations that are tested.
 */
final class Matrix {
    /** By {@code language.kind}; {@code GoldenRunTest} covers {@code ingested}. */
    static final Map<String, String> LANGUAGES = ordered(
            "tree", "{kind: tree, depth: 2, symbols: 3, rules: 2, vocabularySize: 6, seed: 1}",
            "layered", "{kind: layered, layers: 2, symbols: 3, rules: 2, vocabularySize: 6, maxLength: 5, seed: 1}",
            "random", "{kind: random, symbols: 3, vocabularySize: 6, maxLength: 5, seed: 2}",
            "grammar", "{kind: grammar, file: grammar.json}",
            "hmm", "{kind: hmm, states: 3, vocabularySize: 6, minLength: 3, maxLength: 4, sharpness: 3, seed: 2}",
            "brackets", "{kind: brackets, length: 6, nested: true}",
            "teacher",
                    "{kind: teacher, folder: teacher, tokens: 5, minLength: 1, maxLength: 4, temperature: 0.5, seed:"
                            + " 1}",
            "text",
                    "{kind: text, files: [sentences.txt], tokenizer: words, vocabularySize: 20, maxLength: 14, pairs:"
                            + " 0.2, heldOut: 0.3, seed: 1}");

    static final Map<String, String> NETWORKS = ordered(
            "transformer", "{name: net, width: 4, layers: 2, heads: 2, intermediate: 6}",
            "lstm", "{name: net, architecture: lstm, width: 3, layers: 2}");

    static final List<String> OBJECTIVES = List.of("masked", "causal");

    private static final String TASK = "task: {name: whole, start: 0, length: 0, label: ancestor}";

    static final Map<String, String> ALGORITHMS = ordered(
            "adamw", "adamw",
            "adamw constant", "{kind: adamw, schedule: constant, steps: 12, learningRates: [0.005]}",
            "sgd", "{kind: sgd, momentum: 0, learningRates: [0.1]}",
            "sgd momentum", "{kind: sgd, momentum: 0.9, learningRates: [0.05]}",
            "sam", "{kind: sam, rho: 0.02}",
            "sam sgd", "{kind: sam, rho: 0.02, base: {kind: sgd, momentum: 0.9}, learningRates: [0.05]}",
            "label-noise", "{kind: label-noise, probability: 0.2}",
            "average decay", "{kind: average, decay: 0.9}",
            "average from", "{kind: average, from: 0.5}",
            "adversarial", "{kind: adversarial, weight: 0.3, " + TASK + ", examples: 16, seed: 5}",
            "all",
                    "{kind: average, decay: 0.9, from: 0.2, base: {kind: label-noise, probability: 0.1, base: {kind:"
                            + " sam, rho: 0.01, base: {kind: sgd, momentum: 0.5}}}, learningRates: [0.05]}",
            "lookup-table", "lookup-table");

    /** Labels of every kind, and shifts of every kind. */
    static final Map<String, String> TASKS = ordered(
            "ancestor", "{name: ancestor, start: 0, length: 0, label: ancestor}",
            "inside", "{name: inside, start: 0, length: 2, label: inside}",
            "reweighted",
                    "{name: reweighted, start: 0, length: 0, label: ancestor, shift: {kind: reweighted, strength: 1,"
                            + " seed: 5}}",
            "reversed",
                    "{name: reversed, start: 0, length: 0, label: ancestor, shift: {kind: reversed, rules: 2, seed:"
                            + " 5}}",
            "extended",
                    "{name: extended, start: 0, length: 0, label: ancestor, shift: {kind: extended, rules: 2, seed:"
                            + " 5}}",
            "state", "{name: state, start: 1, length: 1, label: state}",
            "likeliest", "{name: likeliest, start: 1, length: 1, label: likeliest}",
            "openings", "{name: openings, start: 0, length: 3, label: openings}",
            "column", "{name: column, table: {layout: sst-2, file: single-train.tsv, test: single-test.tsv}}",
            "column pairs", "{name: pairs, table: {layout: qnli, file: pairs-train.tsv, test: pairs-test.tsv}}",
            "column tokens",
                    "{name: tokens, table: {texts: [sentence], label: label, file: tokens-train.tsv, test:"
                            + " tokens-test.tsv}}");

    private static final String COMMON =
            "labels: 40, test: 40, epochs: 3, batch: 10, learningRate: 0.01, repetitions: 2, seed: 301, checkpoints:"
                    + " all}";

    static final Map<String, String> PROTOCOLS = ordered(
            "concatenated", "{kind: linear-probe, name: concatenated, features: concatenated, project: 0, " + COMMON,
            "projected", "{kind: linear-probe, name: projected, features: concatenated, project: 5, " + COMMON,
            "mean", "{kind: linear-probe, name: mean, features: mean, project: 0, " + COMMON,
            "fine-tune", "{kind: fine-tune, name: fine-tune, warmupSteps: 2, " + COMMON);

    private Matrix() {}

    private static Map<String, String> ordered(String... namesAndForms) {
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < namesAndForms.length; i += 2) {
            all.put(namesAndForms[i], namesAndForms[i + 1]);
        }
        return all;
    }

    /** A network with its objective. */
    record Pair(String network, String objective) {
        @Override
        public String toString() {
            return network + " " + objective;
        }
    }

    /** Returns all networks with all objectives, including combinations that are refused. */
    static List<Pair> pairs() {
        return NETWORKS.keySet().stream()
                .flatMap(network -> OBJECTIVES.stream().map(objective -> new Pair(network, objective)))
                .toList();
    }

    /** Returns an estimator with the smallest number of pairs that it may have. */
    static String estimator(String name) {
        return switch (name) {
            case "fisher.batch" -> "{estimator: fisher.batch, pairs: 80, batch: 8, seed: 201}";
            case "fisher.selected", "hessian.refined" -> "{estimator: " + name + ", pairs: 40, batch: 64, seed: 201}";
            case "spectrum.lanczos" -> "{estimator: spectrum.lanczos, pairs: 8, batch: 80, seed: 201}";
            default ->
                "{estimator: " + name + ", pairs: 40, batch: 16, seed: 201"
                        + (name.startsWith("sharpness.") ? ", radius: 0.01}" : "}");
        };
    }

    /** Measurements with optional fields of estimators. */
    static final Map<String, String> FURTHER = ordered(
            "probes",
            "{estimator: hessian.hutchinson, pairs: 40, batch: 16, seed: 201, probes: 2}",
            "to",
            "{estimator: hessian.split, pairs: 60, batch: 16, seed: 201, to: 0.2}",
            "tiled",
            "{estimator: paired, pairs: 40, batch: 16, seed: 201, expandTo: {name: big, width: 8, layers: 3,"
                    + " heads: 4, intermediate: 12}}",
            "leading",
            "{estimator: layers.exact, pairs: 40, batch: 16, seed: 201, recipe: leading, expandTo: {name: big,"
                    + " width: 8, layers: 3, heads: 4, intermediate: 12}}");

    /** A study of one run. */
    record Case(
            String language,
            Pair pair,
            String algorithm,
            List<String> flatness,
            List<String> tasks,
            List<String> protocols,
            String dtype) {
        Case(String language, Pair pair, String algorithm) {
            this(language, pair, algorithm, List.of(), List.of(), List.of(), "float32");
        }

        /** Returns the spec values alone. */
        String name() {
            return language + " " + pair + " " + algorithm;
        }

        /** Returns the values of all factors. */
        Set<String> values() {
            return Stream.of(List.of(language, pair.toString(), algorithm, dtype), flatness, tasks, protocols)
                    .flatMap(List::stream)
                    .collect(Collectors.toSet());
        }

        /** Returns the study file. */
        String text() {
            return """
                name: golden
                language: %s
                sizes: [%s]
                algorithms:
                  - %s
                learningRates: [0.02]
                seeds: [1]
                training: {steps: 20, batch: 16, schedule: linear, warmup: 0.1, beta1: 0.9, beta2: 0.98, epsilon: 1.0e-6, weightDecay: 0.01, initialDeviation: 0.2, objective: %s}
                checkpoints: {geometric: {first: 8, ratio: 10.0}, every: 0, excess: [0.6]}
                validation: {sentences: 48, quickSentences: 16, every: 4, seed: 101}
                flatness:%s
                tasks:%s
                protocols:%s
                analysis: {match: [0.8], band: 0.1, minRuns: 5, permutations: 99, resamples: 100, confidence: 0.95, seed: 401}
                platform: {device: cpu, dtype: %s}
                """.formatted(
                            LANGUAGES.get(language),
                            NETWORKS.get(pair.network()),
                            ALGORITHMS.get(algorithm),
                            pair.objective(),
                            list(flatness),
                            list(tasks),
                            list(protocols),
                            dtype);
        }

        private static String list(List<String> entries) {
            return entries.isEmpty()
                    ? " []"
                    : entries.stream().map(entry -> "\n  - " + entry).collect(Collectors.joining());
        }
    }

    /**
     * Returns a few of these cases, in their order, with every value of every factor: the next one
     * is always that with the most values that are still missing.
     */
    static List<Case> sample(List<Case> all) {
        Set<String> missing = all.stream().flatMap(one -> one.values().stream()).collect(Collectors.toSet());
        Set<Case> chosen = new HashSet<>();
        while (!missing.isEmpty()) {
            Case next = Collections.max(
                    all,
                    Comparator.comparingLong(one ->
                            one.values().stream().filter(missing::contains).count()));
            chosen.add(next);
            missing.removeAll(next.values());
        }
        return all.stream().filter(chosen::contains).toList();
    }

    /** Returns the values with these names, as a list. */
    static List<String> forms(Map<String, String> all, List<String> names) {
        List<String> forms = new ArrayList<>();
        names.forEach(name -> forms.add(String.valueOf(all.get(name))));
        return forms;
    }
}

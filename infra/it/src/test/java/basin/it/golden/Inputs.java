package basin.it.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Input files that studies of the golden matrix name: a text, tables, a teacher, a grammar. */
final class Inputs {
    /** Model folders of every layout, from the reference implementation; all have eleven tokens. */
    static final Path MODELS = Path.of("../network/src/test/resources/basin/network/folder");

    private static final List<String> NOUNS = List.of("fox", "owl", "hare", "goat", "cow");
    private static final List<String> VERBS = List.of("runs", "sleeps", "eats", "waits");
    private static final List<String> ENDS = List.of("now .", "at night .", "in the barn .", "!");
    private static final int ROWS = 120;
    private static final int TOKENS = 11;

    private Inputs() {}

    static void write(Path folder) throws IOException {
        List<String> sentences = new ArrayList<>();
        for (String noun : NOUNS) {
            for (String verb : VERBS) {
                for (String end : ENDS) {
                    sentences.add("the " + noun + " " + verb + " " + end);
                    sentences.add("a " + noun + " " + verb + " " + end);
                }
            }
        }
        Files.write(folder.resolve("sentences.txt"), sentences);
        Random random = new Random(1);
        for (String part : List.of("train", "test")) {
            single(folder.resolve("single-" + part + ".tsv"), sentences, random);
            pairs(folder.resolve("pairs-" + part + ".tsv"), sentences, random);
            tokens(folder.resolve("tokens-" + part + ".tsv"), random);
        }
        lines(folder.resolve("lines.txt"), random);
        teacher(Files.createDirectories(folder.resolve("teacher")));
        Files.writeString(folder.resolve("grammar.json"), """
            {"start": "S", "maxLength": 5, "nonTerminals": ["S", "A", "B"], "words": ["a", "b", "c", "d"],
             "rules": [
              {"from": "S", "to": ["A", "B"], "probability": 0.6}, {"from": "S", "to": ["B", "A"], "probability": 0.4},
              {"from": "A", "to": ["B", "a"], "probability": 0.3}, {"from": "A", "to": ["b"], "probability": 0.7},
              {"from": "B", "to": ["c", "d"], "probability": 0.5}, {"from": "B", "to": ["d"], "probability": 0.5}]}
            """);
    }

    /**
     * Writes a table with sentences that differ from the text's; the label is whether a sentence
     * contains a fox or an owl.
     */
    private static void single(Path file, List<String> sentences, Random random) throws IOException {
        List<String> rows = new ArrayList<>(List.of("sentence\tlabel"));
        for (int row = 0; row < ROWS; row++) {
            String sentence = sentences.get(random.nextInt(sentences.size()));
            rows.add(sentence + "\t" + (sentence.contains("fox") || sentence.contains("owl") ? 1 : 0));
        }
        Files.write(file, rows);
    }

    /** Writes a table of sentence pairs; the label is whether both have the same verb. */
    private static void pairs(Path file, List<String> sentences, Random random) throws IOException {
        List<String> rows = new ArrayList<>(List.of("index\tquestion\tsentence\tlabel"));
        for (int row = 0; row < ROWS; row++) {
            String first = sentences.get(random.nextInt(sentences.size()));
            String second = sentences.get(random.nextInt(sentences.size()));
            boolean same = first.split(" ")[2].equals(second.split(" ")[2]);
            rows.add(row + "\t" + first + "\t" + second + "\t" + (same ? "entailment" : "not_entailment"));
        }
        Files.write(file, rows);
    }

    /**
     * Writes a table of the teacher's tokens; the label is which of two groups of tokens comes
     * first.
     */
    private static void tokens(Path file, Random random) throws IOException {
        List<String> rows = new ArrayList<>(List.of("sentence\tlabel"));
        for (int row = 0; row < ROWS; row++) {
            int first = random.nextInt(TOKENS);
            StringBuilder text = new StringBuilder("t" + first);
            for (int more = random.nextInt(4); more >= 0; more--) {
                text.append(" t").append(random.nextInt(TOKENS));
            }
            rows.add(text + "\t" + first % 2);
        }
        Files.write(file, rows);
    }

    /**
     * Writes lines of two to four of the six words that the tokenizer of Basin's own folders knows.
     */
    private static void lines(Path file, Random random) throws IOException {
        Files.write(
                file,
                IntStream.range(0, ROWS)
                        .mapToObj(_ -> IntStream.range(0, 2 + random.nextInt(3))
                                .mapToObj(_ -> "w" + random.nextInt(6))
                                .collect(Collectors.joining(" ")))
                        .toList());
    }

    private static void teacher(Path folder) throws IOException {
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(MODELS.resolve("gpt2").resolve(file), folder.resolve(file));
        }
        String vocabulary = IntStream.range(0, TOKENS)
                .mapToObj(token -> "\"t" + token + "\": " + token)
                .collect(Collectors.joining(", "));
        Files.writeString(folder.resolve("tokenizer.json"), """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
             "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
             "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "t1"}}
            """.formatted(vocabulary));
    }
}

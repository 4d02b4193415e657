package basin.study;

import static basin.study.Checks.require;
import static basin.study.Checks.sha256;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Arrays;
import java.util.List;

/**
 * The language that a network learns: one whose conditionals are known exactly, or the text of
 * files. All generators are seeded, so the same spec is the same language.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LanguageSpec.Tree.class, name = "tree"),
    @JsonSubTypes.Type(value = LanguageSpec.Layered.class, name = "layered"),
    @JsonSubTypes.Type(value = LanguageSpec.RandomGrammar.class, name = "random"),
    @JsonSubTypes.Type(value = LanguageSpec.GrammarFile.class, name = "grammar"),
    @JsonSubTypes.Type(value = LanguageSpec.HiddenMarkov.class, name = "hmm"),
    @JsonSubTypes.Type(value = LanguageSpec.Brackets.class, name = "brackets"),
    @JsonSubTypes.Type(value = LanguageSpec.Teacher.class, name = "teacher"),
    @JsonSubTypes.Type(value = LanguageSpec.Text.class, name = "text"),
    @JsonSubTypes.Type(value = LanguageSpec.Ingested.class, name = "ingested")
})
public sealed interface LanguageSpec {

    /** Returns the kind of language, as study files name it. */
    default String kind() {
        return Arrays.stream(
                        LanguageSpec.class.getAnnotation(JsonSubTypes.class).value())
                .filter(type -> type.value() == getClass())
                .findFirst()
                .orElseThrow()
                .name();
    }

    /** Returns the reference that losses are measured against. */
    default Against against() {
        return this instanceof Text || this instanceof Ingested ? Against.HELD_OUT : Against.OPTIMUM;
    }

    /**
     * A binary tree grammar of fixed depth. Sentences have 2^depth tokens.
     *
     * @param depth levels of binary rules, 1 to 6
     * @param symbols non-terminals per layer
     * @param rules binary rules per non-terminal
     * @param vocabularySize number of different words, a multiple of {@code symbols}
     * @param seed seed of rules and probabilities
     */
    record Tree(int depth, int symbols, int rules, int vocabularySize, long seed) implements LanguageSpec {
        public Tree {
            within(1, 6, "language.depth", depth);
            within(2, 200, "language.symbols", symbols);
            within(1, (long) symbols * symbols, "language.rules", rules);
            within(symbols, 50_000, "language.vocabularySize", vocabularySize);
            require(
                    vocabularySize % symbols == 0,
                    "language.vocabularySize",
                    vocabularySize,
                    "give a multiple of language.symbols, " + symbols);
        }
    }

    /**
     * The layered grammar of the study: a start symbol with unary alternatives, then layers of
     * binary rules.
     *
     * @param layers layers of non-terminals below the start symbol
     * @param symbols non-terminals per layer
     * @param rules random binary rules per non-terminal
     * @param vocabularySize number of different words
     * @param maxLength longest sentence, in words
     * @param seed seed of rules and probabilities
     */
    record Layered(int layers, int symbols, int rules, int vocabularySize, int maxLength, long seed)
            implements LanguageSpec {
        public Layered {
            within(1, 8, "language.layers", layers);
            within(2, 200, "language.symbols", symbols);
            within(1, 1_000, "language.rules", rules);
            within(2, 50_000, "language.vocabularySize", vocabularySize);
            within(2, 128, "language.maxLength", maxLength);
        }
    }

    /**
     * A small random grammar with sentences of variable length.
     *
     * @param symbols non-terminals
     * @param vocabularySize number of different words
     * @param maxLength longest sentence, in words
     * @param seed seed of rules and probabilities
     */
    record RandomGrammar(int symbols, int vocabularySize, int maxLength, long seed) implements LanguageSpec {
        public RandomGrammar {
            within(1, 200, "language.symbols", symbols);
            within(2, 50_000, "language.vocabularySize", vocabularySize);
            within(2, 128, "language.maxLength", maxLength);
        }
    }

    /**
     * A grammar given in full.
     *
     * @param grammar the grammar in Basin's JSON form; a study file may name a file instead ({@code
     *     file:}), whose text is put here when the study is read, so that the record contains
     *     everything that the run needs
     */
    record GrammarFile(String grammar) implements LanguageSpec {
        public GrammarFile {
            require(!grammar.isBlank(), "language.grammar", "empty", "give the grammar's JSON text, or its file");
            require(
                    grammar.length() <= 500_000,
                    "language.grammar",
                    grammar.length() + " characters long",
                    "give a grammar of at most 500,000 characters");
        }
    }

    /**
     * A hidden Markov model. Each row of probabilities is the softmax of {@code sharpness} times
     * independent standard normal numbers.
     *
     * @param states hidden states
     * @param vocabularySize number of different words
     * @param minLength shortest sentence, in words; all lengths from there to {@code maxLength} are
     *     equally likely
     * @param maxLength longest sentence, in words
     * @param sharpness factor of the logits, without a unit: 0 makes every row uniform; larger
     *     values concentrate a row on fewer entries
     * @param seed seed of first states, transitions and emissions
     */
    record HiddenMarkov(int states, int vocabularySize, int minLength, int maxLength, double sharpness, long seed)
            implements LanguageSpec {
        private static final int MAX_NUMBERS = 20_000_000;

        public HiddenMarkov {
            within(1, 2_000, "language.states", states);
            within(2, 50_000, "language.vocabularySize", vocabularySize);
            require(
                    (long) states * vocabularySize <= MAX_NUMBERS,
                    "language.vocabularySize",
                    vocabularySize,
                    "with " + states + " states give at most " + MAX_NUMBERS / states
                            + ", for every state has a probability of every word");
            within(2, 128, "language.maxLength", maxLength);
            within(1, maxLength, "language.minLength", minLength);
            within(0.0, 10.0, "language.sharpness", sharpness);
        }
    }

    /**
     * Balanced strings of one kind of brackets, all equally likely.
     *
     * @param length length of every string, in words, even
     * @param nested whether no bracket may close before its partner opened; if false, it is enough
     *     that as many open as close
     */
    record Brackets(int length, boolean nested) implements LanguageSpec {
        public Brackets {
            within(2, 62, "language.length", length);
            require(length % 2 == 0, "language.length", length, "give an even number, for as many open as close");
        }
    }

    /**
     * Text that a causal language model generates with its most frequent tokens.
     *
     * @param weights hash of the model's folder, by which every machine finds it; a study file may
     *     name a folder instead ({@code folder:}), whose hash is put here when the study is read
     * @param tokens number of the model's tokens that are kept, those that it predicts most often
     * @param minLength shortest sentence, in tokens; all lengths from there to {@code maxLength}
     *     are equally likely
     * @param maxLength longest sentence, in tokens
     * @param temperature divisor of the model's logits, without a unit
     * @param seed seed of the texts on which the frequencies of tokens are counted
     */
    record Teacher(String weights, int tokens, int minLength, int maxLength, double temperature, long seed)
            implements LanguageSpec {
        public Teacher {
            require(
                    weights.matches("[0-9a-f]{64}"),
                    "language.weights",
                    "'" + weights + "'",
                    "give the 64 hexadecimal digits of a model's hash, or its folder as language.folder");
            within(2, 50_000, "language.tokens", tokens);
            within(2, 128, "language.maxLength", maxLength);
            within(1, maxLength, "language.minLength", minLength);
            require(
                    temperature >= 0.01 && temperature <= 100,
                    "language.temperature",
                    temperature,
                    "give a number from 0.01 to 100, such as 1");
        }
    }

    /**
     * Sentences of files, one per line. Part of them is held out: training never sees it, and
     * losses and flatness are measured only on it.
     *
     * @param files hashes of UTF-8 files, in order; a study file may name the files themselves
     * @param tokenizer {@code words} for words and punctuation marks in lower case, or the hash of
     *     a {@code tokenizer.json}; a study file may name that file itself
     * @param vocabularySize largest number of different words that are kept: the most frequent ones
     *     of the training part, each of which occurs at least twice; all others become the unknown
     *     word
     * @param maxLength longest sentence in words; longer ones are truncated
     * @param pairs share of training examples that are two neighbouring sentences with the
     *     separator between them, 0 to 0.9; with 0 there is no separator
     * @param heldOut share of the different sentences that is held out, 0.01 to 0.5
     * @param seed seed of the choice of held-out sentences
     */
    record Text(
            List<String> files,
            String tokenizer,
            int vocabularySize,
            int maxLength,
            double pairs,
            double heldOut,
            long seed)
            implements LanguageSpec {
        /** The tokenizer that splits at whitespace and punctuation marks. */
        public static final String WORDS = "words";

        public Text {
            files = List.copyOf(files);
            require(
                    !files.isEmpty() && files.stream().distinct().count() == files.size(),
                    "language.files",
                    files,
                    "name one file at least, each once");
            files.forEach(file -> sha256("language.files", file));
            if (!tokenizer.equals(WORDS)) {
                sha256("language.tokenizer", tokenizer);
            }
            within(4, 50_000, "language.vocabularySize", vocabularySize);
            within(2, 512, "language.maxLength", maxLength);
            within(0.0, 0.9, "language.pairs", pairs);
            within(0.01, 0.5, "language.heldOut", heldOut);
        }
    }

    /**
     * The lines of a text on which another program's models are measured, read with each model's
     * own tokenizer. Nothing is trained on it here.
     *
     * @param source name of the study in the manifest of the runs
     * @param text SHA-256 of the text
     * @param maxLength length in tokens at which a line is truncated; 0 for the model's maximum
     */
    record Ingested(String source, String text, int maxLength) implements LanguageSpec {
        public Ingested {
            Checks.identifier("study", source);
            sha256("text", text);
            within(0, 1_000_000, "maxLength", maxLength);
        }
    }
}

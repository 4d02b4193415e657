package basin.events.spec;

import static basin.events.spec.InvalidSpecException.require;
import static basin.events.spec.InvalidSpecException.within;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A language whose conditionals are known exactly. All generators are seeded: the same spec is the same language. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LanguageSpec.Tree.class, name = "tree"),
    @JsonSubTypes.Type(value = LanguageSpec.Layered.class, name = "layered"),
    @JsonSubTypes.Type(value = LanguageSpec.RandomGrammar.class, name = "random"),
    @JsonSubTypes.Type(value = LanguageSpec.GrammarFile.class, name = "grammar")
})
public sealed interface LanguageSpec {

    /** Which kind of language it is, as study files name it. */
    default String kind() {
        return switch (this) {
            case Tree ignored -> "tree";
            case Layered ignored -> "layered";
            case RandomGrammar ignored -> "random";
            case GrammarFile ignored -> "grammar";
        };
    }

    /**
     * A binary tree of fixed depth: sentences of 2^depth tokens.
     *
     * @param depth levels of binary rules, 1 to 6
     * @param symbols non-terminals a layer
     * @param rules binary rules a non-terminal
     * @param words vocabulary, a multiple of {@code symbols}
     * @param seed draws rules and probabilities
     */
    record Tree(int depth, int symbols, int rules, int words, long seed) implements LanguageSpec {
        public Tree {
            within(1, 6, "language.depth", depth);
            within(2, 200, "language.symbols", symbols);
            within(1, (long) symbols * symbols, "language.rules", rules);
            within(symbols, 50_000, "language.words", words);
            require(words % symbols == 0, "language.words", words, "give a multiple of language.symbols, " + symbols);
        }
    }

    /**
     * The layered grammar of the study: a start symbol with unary alternatives, then layers of binary rules.
     *
     * @param layers layers of non-terminals below the start symbol
     * @param symbols non-terminals a layer
     * @param rules random binary rules a non-terminal
     * @param words vocabulary
     * @param longest longest sentence, in words
     * @param seed draws rules and probabilities
     */
    record Layered(int layers, int symbols, int rules, int words, int longest, long seed) implements LanguageSpec {
        public Layered {
            within(1, 8, "language.layers", layers);
            within(2, 200, "language.symbols", symbols);
            within(1, 1_000, "language.rules", rules);
            within(2, 50_000, "language.words", words);
            within(2, 128, "language.longest", longest);
        }
    }

    /**
     * A small random grammar with sentences of variable length.
     *
     * @param symbols non-terminals
     * @param words vocabulary
     * @param longest longest sentence, in words
     * @param seed draws rules and probabilities
     */
    record RandomGrammar(int symbols, int words, int longest, long seed) implements LanguageSpec {
        public RandomGrammar {
            within(1, 200, "language.symbols", symbols);
            within(2, 50_000, "language.words", words);
            within(2, 128, "language.longest", longest);
        }
    }

    /**
     * A grammar written out.
     *
     * @param grammar the grammar in Basin's JSON form; a study file may name a file instead ({@code file:}), whose text is
     *     put here when the study is read, so that the record holds all that the run needs
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
}

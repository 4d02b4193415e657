package basin.lm;

import basin.events.spec.LanguageSpec;
import basin.lm.language.GrammarFile;
import basin.lm.language.Grammars;
import basin.lm.language.Language;
import basin.lm.language.OptimalLoss;
import basin.lm.language.Pcfg;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Languages by their specifications: the same spec is the same language. Thread-safe. */
public final class Languages {
    /** Languages are immutable and few; beyond this many the memory is given back. */
    private static final int REMEMBERED = 32;

    private static final Map<LanguageSpec, Pcfg> MADE = new ConcurrentHashMap<>();

    private Languages() {}

    /**
     * The language of that spec.
     *
     * @throws IllegalArgumentException where there is no such language, in one sentence
     */
    public static Pcfg of(LanguageSpec spec) {
        if (MADE.size() > REMEMBERED) {
            MADE.clear();
        }
        return MADE.computeIfAbsent(spec, Languages::make);
    }

    /** Its optimal masked loss: exact where the language is small, else from {@code sentences} sentences. */
    public static OptimalLoss optimalLoss(Language language, int sentences, long seed) {
        return OptimalLoss.of(language, sentences, seed);
    }

    private static Pcfg make(LanguageSpec spec) {
        return switch (spec) {
            case LanguageSpec.Tree tree ->
                Grammars.tree(tree.depth(), tree.symbols(), tree.rules(), tree.words(), tree.seed());
            case LanguageSpec.Layered layered ->
                Grammars.layered(
                        layered.layers(),
                        layered.symbols(),
                        layered.rules(),
                        layered.words(),
                        layered.longest(),
                        layered.seed());
            case LanguageSpec.RandomGrammar random ->
                Grammars.random(random.symbols(), random.words(), random.longest(), random.seed());
            case LanguageSpec.GrammarFile file -> GrammarFile.parse(file.grammar());
        };
    }
}

package basin.language.study;

import basin.language.Brackets;
import basin.language.GrammarFile;
import basin.language.Grammars;
import basin.language.Hmm;
import basin.language.Language;
import basin.language.Pcfg;
import basin.language.SentenceSource;
import basin.language.teacher.TeacherLanguage;
import basin.language.text.TextLanguage;
import basin.network.folder.FolderModel;
import basin.study.LanguageSpec;
import basin.study.Program;
import basin.study.Refusal;
import basin.study.file.ModelFolders;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A cache of languages by their specifications. Equal specifications give the same language.
 * Thread-safe.
 */
public final class Languages {
    /**
     * The number of languages in the cache. Languages are immutable and few; evicted ones are built
     * again.
     */
    private static final int REMEMBERED = 32;

    private static final LoadingCache<LanguageSpec, SentenceSource> MADE = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .executor(Runnable::run)
            .build(Languages::make);

    private Languages() {}

    /**
     * Returns the sentence source of a specification: a language whose distribution is known, or a
     * text.
     *
     * @throws Refusal if there is no such language; one sentence
     * @throws AbsentModelException if it needs a model or a file that this machine does not have at
     *     present; one sentence
     */
    public static SentenceSource source(LanguageSpec spec) {
        return MADE.get(spec);
    }

    /**
     * Returns the language of a specification, whose conditionals are known.
     *
     * @throws Refusal if there is no such language, or if it is a text; one sentence
     * @throws AbsentModelException if it needs a model that this machine does not have at present;
     *     one sentence
     */
    public static Language of(LanguageSpec spec) {
        if (source(spec) instanceof Language language) {
            return language;
        }
        throw new Refusal("language.kind is " + spec.kind()
                + ": choose a run on another language, because the conditionals of a text are unknown.");
    }

    /**
     * Returns the language of a specification that describes a grammar.
     *
     * @param what what needs a grammar, as the subject of a sentence, such as
     *     {@code an exported model}
     * @throws Refusal if it is another kind of language; one sentence
     */
    public static Pcfg grammar(LanguageSpec spec, String what) {
        if (source(spec) instanceof Pcfg grammar) {
            return grammar;
        }
        throw new Refusal("language.kind is " + spec.kind() + ": choose a run on tree, layered, random or grammar, for "
                + what + " takes a grammar.");
    }

    private static SentenceSource make(LanguageSpec spec) {
        return switch (spec) {
            case LanguageSpec.Tree tree ->
                Grammars.tree(tree.depth(), tree.symbols(), tree.rules(), tree.vocabularySize(), tree.seed());
            case LanguageSpec.Layered layered ->
                Grammars.layered(
                        layered.layers(),
                        layered.symbols(),
                        layered.rules(),
                        layered.vocabularySize(),
                        layered.maxLength(),
                        layered.seed());
            case LanguageSpec.RandomGrammar random ->
                Grammars.random(random.symbols(), random.vocabularySize(), random.maxLength(), random.seed());
            case LanguageSpec.GrammarFile file -> GrammarFile.parse(file.grammar());
            case LanguageSpec.HiddenMarkov hmm ->
                Hmm.random(
                        hmm.states(),
                        hmm.vocabularySize(),
                        hmm.minLength(),
                        hmm.maxLength(),
                        hmm.sharpness(),
                        hmm.seed());
            case LanguageSpec.Brackets brackets -> Brackets.of(brackets.length(), brackets.nested());
            case LanguageSpec.Teacher teacher ->
                TeacherLanguage.of(
                        FolderModel.open(AbsentModelException.unlessRead(() -> folder(teacher))),
                        teacher.tokens(),
                        teacher.minLength(),
                        teacher.maxLength(),
                        teacher.temperature(),
                        teacher.seed());
            case LanguageSpec.Text text -> AbsentModelException.unlessRead(() -> TextLanguage.of(text));
            case LanguageSpec.Ingested ingested ->
                throw new Refusal("language.kind is 'ingested': another program trains '" + ingested.source()
                        + "', so use " + Program.NAME + " ingest.");
        };
    }

    private static Path folder(LanguageSpec.Teacher teacher) throws IOException {
        return ModelFolders.find(teacher.weights())
                .orElseThrow(() -> new FileNotFoundException("language.weights is " + teacher.weights()
                        + ": no folder with such a model is known here; list it, or the folder above it, in "
                        + ModelFolders.VARIABLE + "."));
    }
}

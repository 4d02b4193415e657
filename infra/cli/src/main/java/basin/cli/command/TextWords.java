package basin.cli.command;

import basin.language.SentenceSource;
import basin.language.study.Languages;
import basin.language.study.Tables;
import basin.language.text.TableSentences;
import basin.language.text.TextLanguage;
import basin.study.StudySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Sentences that report how many lines of a text, and rows of tables, are used, cut or left out.
 * Empty for a study with neither.
 */
final class TextWords {
    private TextWords() {}

    static List<String> of(StudySpec study) {
        SentenceSource source = Languages.source(study.language());
        List<String> reported = new ArrayList<>();
        if (source instanceof TextLanguage text) {
            TextLanguage.Counts counts = text.counts();
            reported.add(String.format(
                    Locale.ROOT,
                    "Text: %,d training sentences and %,d held out; %,d cut, %,d blank lines left out; %,d"
                            + " different words, %.1f %% of all unknown.",
                    counts.training(),
                    counts.heldOut(),
                    counts.cut(),
                    counts.blank(),
                    text.vocabularySize(),
                    100.0 * counts.unknown() / counts.words()));
            reported.add(
                    "The optimum of a text is unknown: losses are those of held-out sentences, and no best possible"
                            + " accuracy is shown.");
        }
        study.tasks()
                .forEach(task -> task.table()
                        .ifPresent(table -> reported.add(
                                "Task " + task.name() + ": " + examples(Tables.sentences(source, table)))));
        return reported;
    }

    private static String examples(TableSentences table) {
        return String.format(
                        Locale.ROOT,
                        "%,d training examples, %,d test examples, %d classes; %,d texts cut",
                        table.training().labels().length,
                        table.test().labels().length,
                        table.classes().size(),
                        table.cut())
                + (table.leftOut() == 0
                        ? "."
                        : String.format(
                                Locale.ROOT,
                                ", %,d rows left out because none of their tokens is kept.",
                                table.leftOut()));
    }
}

package basin.local.command;

import basin.events.spec.StudySpec;
import basin.events.spec.TableSpec;
import basin.lm.Languages;
import basin.lm.Tables;
import basin.lm.text.TextLanguage;
import basin.lm.text.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What became of the lines of a text and of its tables, in sentences; nothing of other languages. */
final class TextWords {
    private TextWords() {}

    static List<String> of(StudySpec study) {
        if (!(Languages.source(study.language()) instanceof TextLanguage text)) {
            return List.of();
        }
        TextLanguage.Counts counts = text.counts();
        List<String> told = new ArrayList<>();
        told.add(String.format(
                Locale.ROOT,
                "Text: %,d sentences to learn from and %,d held out; %,d cut, %,d blank lines left out; %,d different"
                        + " words, %.1f %% of all unknown.",
                counts.training(),
                counts.heldOut(),
                counts.cut(),
                counts.blank(),
                text.words(),
                100.0 * counts.unknown() / counts.words()));
        told.add("The optimum of a text is unknown: losses are those of held-out sentences, and no ceiling of an"
                + " accuracy is told.");
        study.tasks()
                .forEach(task -> task.table()
                        .ifPresent(table -> told.add("Task " + task.name() + ": " + examples(text, table))));
        return told;
    }

    private static String examples(TextLanguage text, TableSpec spec) {
        TextTable table = Tables.read(spec);
        return String.format(
                Locale.ROOT,
                "%,d examples to learn from, %,d to test on, %d classes; %,d texts cut.",
                table.training().labels().size(),
                table.test().labels().size(),
                table.classes().size(),
                text.encode(table.training().texts()).cut()
                        + text.encode(table.test().texts()).cut());
    }
}

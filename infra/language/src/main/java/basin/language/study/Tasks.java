package basin.language.study;

import basin.language.Brackets;
import basin.language.ChangedGrammars;
import basin.language.Hmm;
import basin.language.Pcfg;
import basin.language.SentenceSource;
import basin.language.teacher.TeacherLanguage;
import basin.study.Refusal;
import basin.study.ShiftSpec;
import basin.study.TaskSpec;
import basin.study.TaskSpec.Label;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which tasks can be asked on which language. Thread-safe. */
public final class Tasks {
    private Tasks() {}

    /** What a kind of language has that can be asked for. */
    private record Askable(String language, List<Label> labels) {}

    /**
     * Looks whether the language has such a label and the span lies within its longest sentence.
     *
     * @throws Refusal one sentence that names the field, the value and the fix
     */
    public static void check(SentenceSource language, TaskSpec task) {
        String in = " in task '" + task.name() + "': ";
        if (task.start() >= language.longest()) {
            throw new Refusal("tasks.start is " + task.start() + in + "give a position from 0 to "
                    + (language.longest() - 1) + ", for the language's longest sentence has " + language.longest()
                    + " words.");
        }
        if (task.start() + task.length() > language.longest()) {
            throw new Refusal("tasks.length is " + task.length() + in + "give at most "
                    + (language.longest() - task.start()) + ", or 0 for the rest, for the"
                    + " language's longest sentence has " + language.longest() + " words.");
        }
        if (task.table().isPresent()) {
            return; // Its span is the whole text, and its label what the table says.
        }
        Askable askable = askable(language);
        if (!askable.labels.contains(task.label())) {
            throw new Refusal("tasks.label is '" + named(task.label()) + "'" + in
                    + (askable.labels.isEmpty()
                            ? "leave the task out, for " + askable.language + " has no labels."
                            : "give "
                                    + askable.labels.stream().map(Tasks::named).collect(Collectors.joining(" or "))
                                    + ", for that is what " + askable.language + " has."));
        }
        if ((task.label() == Label.STATE || task.label() == Label.LIKELIEST) && task.length() != 1) {
            throw new Refusal(
                    "tasks.length is " + task.length() + in + "give 1, for a hidden state is behind one word.");
        }
        if (task.shift().isPresent()) {
            if (!(language instanceof Pcfg grammar)) {
                throw new Refusal("tasks.shift is given" + in + "leave it out, for " + askable.language
                        + " has no rules that could be changed.");
            }
            shifted(grammar, task);
        }
    }

    /**
     * The language that a task's test sentences come from: the grammar itself, or what the task's shift makes of it.
     *
     * @throws Refusal one sentence that names the field, the value and the fix
     */
    public static Pcfg shifted(Pcfg grammar, TaskSpec task) {
        try {
            return task.shift()
                    .map(shift -> switch (shift) {
                        case ShiftSpec.Reweighted change ->
                            ChangedGrammars.reweighted(grammar, change.strength(), change.seed());
                        case ShiftSpec.Reversed change ->
                            ChangedGrammars.reversed(grammar, change.rules(), change.seed());
                        case ShiftSpec.Extended change ->
                            ChangedGrammars.extended(grammar, change.rules(), change.seed());
                    })
                    .orElse(grammar);
        } catch (Refusal impossible) {
            throw new Refusal("tasks.shift in task '" + task.name() + "' cannot be made of the language: "
                    + impossible.getMessage());
        }
    }

    private static Askable askable(SentenceSource language) {
        return switch (language) {
            case Pcfg ignored -> new Askable("a grammar", List.of(Label.INSIDE, Label.ANCESTOR));
            case Hmm ignored -> new Askable("a hidden Markov model", List.of(Label.STATE, Label.LIKELIEST));
            case Brackets ignored -> new Askable("a language of brackets", List.of(Label.OPENINGS));
            case TeacherLanguage ignored -> new Askable("a teacher's text, but for tables,", List.of());
            default -> new Askable("this kind of language", List.of());
        };
    }

    private static String named(Label label) {
        return label.name().toLowerCase(Locale.ROOT);
    }
}

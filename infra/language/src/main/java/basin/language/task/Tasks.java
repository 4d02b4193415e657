package basin.language.task;

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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;

/** Tasks by their specifications, and the languages that support them. Thread-safe. */
public final class Tasks {
    private Tasks() {}

    /** The kind of language that has a label, and the constructor of the task on it. */
    private record Asked<L extends SentenceSource>(Class<L> on, BiFunction<L, TaskSpec, Task> task) {
        Task of(SentenceSource language, TaskSpec spec) {
            return task.apply(on.cast(language), spec);
        }
    }

    /**
     * Maps a label to its languages and its task; empty for labels that come with the examples. No
     * other code defines what a label means.
     */
    private static Optional<Asked<?>> requested(Label label) {
        return switch (label) {
            case INSIDE, ANCESTOR -> Optional.of(new Asked<>(Pcfg.class, SpanTask::of));
            case STATE, LIKELIEST -> Optional.of(new Asked<>(Hmm.class, StateTask::new));
            case OPENINGS -> Optional.of(new Asked<>(Brackets.class, Tasks::openings));
            case COLUMN, SCORED -> Optional.empty();
        };
    }

    /**
     * Returns the task on that language.
     *
     * @throws Refusal if the language has no such label, or if no sentence can have one; one
     *     sentence
     */
    public static Task of(SentenceSource language, TaskSpec spec) {
        return checked(language, spec).orElseThrow();
    }

    /**
     * Returns the task of counting the opening brackets within a span. For a span from the start of
     * the string the count determines the depth there.
     */
    private static Task openings(Brackets language, TaskSpec spec) {
        int from = spec.start();
        int to = spec.length() == 0 ? language.maxLength() : from + spec.length();
        List<Integer> possible = language.openings(from, to);
        if (possible.size() < 2) {
            throw new Refusal("the span of task '" + spec.name() + "' has start " + from + " and length "
                    + spec.length() + ": it has " + possible.getFirst()
                    + " opening brackets in every string; give another start or length.");
        }
        return new WordTask(
                language,
                possible.stream().map(String::valueOf).toList(),
                words -> OptionalInt.of(Collections.binarySearch(possible, (int) Arrays.stream(words, from, to)
                        .filter(word -> word == Brackets.OPENING)
                        .count())));
    }

    /**
     * Checks that the language has the task's label, that the span lies within its longest
     * sentence, and that the task itself can be made.
     *
     * @throws Refusal otherwise; one sentence that names the field, the value and the fix
     */
    public static void check(SentenceSource language, TaskSpec task) {
        checked(language, task);
    }

    /** Returns the task; empty if its label comes from a table. */
    private static Optional<Task> checked(SentenceSource language, TaskSpec task) {
        String in = " in task '" + task.name() + "': ";
        if (task.start() >= language.maxLength()) {
            throw new Refusal("tasks.start is " + task.start() + in + "give a position from 0 to "
                    + (language.maxLength() - 1) + ", for the language's longest sentence has " + language.maxLength()
                    + " words.");
        }
        if (task.start() + task.length() > language.maxLength()) {
            throw new Refusal("tasks.length is " + task.length() + in + "give at most "
                    + (language.maxLength() - task.start()) + ", or 0 for the rest, for the"
                    + " language's longest sentence has " + language.maxLength() + " words.");
        }
        if (task.table().isPresent()) {
            return Optional.empty(); // Its span is the whole text, and its label comes from the table.
        }
        List<String> labels = Arrays.stream(Label.values())
                .filter(label ->
                        requested(label).stream().anyMatch(one -> one.on().isInstance(language)))
                .map(Tasks::named)
                .toList();
        if (!labels.contains(named(task.label()))) {
            throw new Refusal("tasks.label is '" + named(task.label()) + "'" + in
                    + (labels.isEmpty()
                            ? "leave the task out, for " + kind(language) + " has no labels."
                            : "give " + String.join(" or ", labels) + ", for that is what " + kind(language)
                                    + " has."));
        }
        if ((task.label() == Label.STATE || task.label() == Label.LIKELIEST) && task.length() != 1) {
            throw new Refusal(
                    "tasks.length is " + task.length() + in + "give 1, because a hidden state belongs to one word.");
        }
        if (task.shift().isPresent()) {
            if (!(language instanceof Pcfg grammar)) {
                throw new Refusal("tasks.shift is given" + in + "leave it out, for " + kind(language)
                        + " has no rules that could be changed.");
            }
            shifted(grammar, task);
        }
        Task made = requested(task.label()).orElseThrow().of(language, task);
        if (task.shift().isPresent() && made.onTest().equals(made)) {
            throw new Refusal("tasks.shift is given" + in + "leave it out, for the label '" + named(task.label())
                    + "' is not defined on a changed grammar.");
        }
        return Optional.of(made);
    }

    /**
     * Returns the language of a task's test sentences: the grammar itself, or its shifted copy if
     * the task has a shift.
     *
     * @throws Refusal if the grammar cannot be shifted so; one sentence that names the field, the
     *     value and the fix
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

    private static String kind(SentenceSource language) {
        return switch (language) {
            case Pcfg ignored -> "a grammar";
            case Hmm ignored -> "a hidden Markov model";
            case Brackets ignored -> "a language of brackets";
            case TeacherLanguage ignored -> "a teacher's text, but for tables,";
            default -> "this kind of language";
        };
    }

    private static String named(Label label) {
        return label.name().toLowerCase(Locale.ROOT);
    }
}

package basin.cli.command;

import basin.aggregator.present.Columns;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.Words;
import basin.aggregator.view.Progress;
import basin.aggregator.view.StudyView;
import basin.study.SafeText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The lines that show a study's progress in a terminal of any size: the runs that are being
 * trained, then those that changed last, the number of all others, and a summary. Not thread-safe.
 */
final class LiveView {
    /** Columns from which a line has a long bar and the loss in words. */
    private static final int WIDE = 110;
    /** Columns below which a line has a percentage in the place of its bar, and no loss. */
    private static final int NARROW = 60;

    private static final int LONG_BAR = 24;
    private static final int SHORT_BAR = 10;
    private static final int STATE = 12;
    private static final int MIN_LABEL = 8;
    private static final int MAX_LABEL = 200;
    /** Rows from which the first line names the study and its page. */
    private static final int WITH_HEAD = 5;

    private final Map<String, Seen> seen = new HashMap<>();
    private long changes;

    /** The last state of a run, and the number of the change that led to it; 0 if none did. */
    private record Seen(String state, int step, int checkpoints, long change) {}

    /** A run with its progress. */
    private record Shown(StudyView.Run run, Progress.Run progress) {}

    /**
     * Returns at most {@code rows} lines of at most {@code columns} columns each.
     *
     * @param page address of the study's page
     */
    List<String> lines(StudyView view, Progress progress, String page, int columns, int rows) {
        view.runs().forEach(this::see);
        List<String> lines = new ArrayList<>();
        if (rows >= WITH_HEAD) {
            lines.add(fitting(columns, "  " + view.name(), ": ", page));
        }
        int room = Math.max(0, rows - lines.size() - 1);
        List<Shown> ordered = ordered(view, progress);
        // One line less where one has to count the runs that are not shown.
        int count = ordered.size() <= room ? ordered.size() : Math.max(0, room - 1);
        lines.addAll(runs(view, ordered.subList(0, count), columns));
        if (count < ordered.size() && room > 0) {
            lines.add(Columns.cut(rest(ordered.subList(count, ordered.size()), count), columns));
        }
        lines.add(summary(view, progress, columns));
        return lines;
    }

    private void see(StudyView.Run run) {
        Seen before = seen.get(run.runId());
        int checkpoints = run.checkpoints().size();
        boolean same = before != null
                && before.state.equals(run.state())
                && before.step == run.step()
                && before.checkpoints == checkpoints;
        if (!same) {
            seen.put(run.runId(), new Seen(run.state(), run.step(), checkpoints, before == null ? 0 : ++changes));
        }
    }

    private List<Shown> ordered(StudyView view, Progress progress) {
        Map<String, Progress.Run> own =
                progress.runs().stream().collect(Collectors.toMap(Progress.Run::runId, run -> run));
        return view.runs().stream()
                .map(run -> new Shown(
                        run, own.getOrDefault(run.runId(), new Progress.Run(run.runId(), 0, OptionalLong.empty()))))
                // The sort is stable, so runs that are being trained keep their places.
                .sorted(Comparator.comparingLong(shown -> isRunning(shown.run) ? Long.MIN_VALUE : -changed(shown.run)))
                .toList();
    }

    private long changed(StudyView.Run run) {
        return Optional.ofNullable(seen.get(run.runId())).map(Seen::change).orElse(0L);
    }

    private static boolean isRunning(StudyView.Run run) {
        return run.state().equals("running");
    }

    private static boolean hasEnded(StudyView.Run run) {
        return run.state().equals("done") || run.state().equals("failed");
    }

    private static List<String> runs(StudyView view, List<Shown> shown, int columns) {
        List<String> right =
                shown.stream().map(one -> right(view, one, columns)).toList();
        // A reason is cut rather than the labels of all runs.
        int reserved = shown.stream()
                .filter(one -> one.run.reason().isEmpty())
                .mapToInt(one -> Columns.width(right(view, one, columns)))
                .max()
                .orElse(columns / 2);
        int label = Math.max(
                MIN_LABEL,
                Math.min(
                        columns - reserved - 3,
                        shown.stream()
                                .mapToInt(one -> Columns.width(label(one.run)))
                                .max()
                                .orElse(0)));
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < shown.size(); i++) {
            String name = Columns.pad(Columns.shorten(label(shown.get(i).run), label), label);
            lines.add(Columns.cut("  " + name + " " + right.get(i), columns).stripTrailing());
        }
        return lines;
    }

    private static String label(StudyView.Run run) {
        return SafeText.line(run.label(), MAX_LABEL);
    }

    private static String right(StudyView view, Shown shown, int columns) {
        double fraction = shown.progress.fraction();
        String state = Columns.pad(state(shown), STATE);
        if (columns < NARROW) {
            return String.format(Locale.ROOT, "%3.0f %% %s", 100 * fraction, state.stripTrailing());
        }
        String bar = bar(fraction, columns < WIDE ? SHORT_BAR : LONG_BAR);
        return bar + " " + state + " " + detail(view, shown.run, columns >= WIDE);
    }

    private static String bar(double fraction, int length) {
        int full = (int) Math.round(length * Math.clamp(fraction, 0, 1));
        return "█".repeat(full) + "░".repeat(length - full);
    }

    private static String state(Shown shown) {
        OptionalLong left = shown.progress.remainingSeconds();
        return hasEnded(shown.run) || left.isEmpty()
                ? word(shown.run.state())
                : Numbers.time(Duration.ofSeconds(left.getAsLong()));
    }

    private static String word(String state) {
        return Words.ALL.states().getOrDefault(state, state);
    }

    private static String detail(StudyView view, StudyView.Run run, boolean wide) {
        if (!run.reason().isEmpty()) {
            return SafeText.line(run.reason(), MAX_LABEL);
        }
        return run.losses().isEmpty() ? "" : loss(view, run, wide);
    }

    /** Returns a run's newest loss, in words or as a number alone. */
    static String loss(StudyView view, StudyView.Run run, boolean inWords) {
        StudyView.Loss last = run.losses().getLast();
        String nats = Numbers.fixed(last.loss().value(), 3) + " nats";
        return inWords
                ? "step " + Numbers.count(last.step()) + ", " + view.loss().quantity() + " " + nats
                : nats;
    }

    private static String rest(List<Shown> hidden, int shown) {
        Map<String, Integer> states = new LinkedHashMap<>();
        hidden.forEach(one -> states.merge(word(one.run.state()), 1, Integer::sum));
        return "  " + (shown == 0 ? "" : "… and ") + Numbers.count(hidden.size())
                + (shown == 0 ? " runs: " : " more: ")
                + states.entrySet().stream()
                        .map(state -> state.getValue() + " " + state.getKey())
                        .collect(Collectors.joining(", "));
    }

    /** Returns the summary, without its last parts where they do not fit. */
    static String summary(StudyView view, Progress progress, int columns) {
        String ended = view.done().ended() + " of " + view.done().runs();
        String left = remaining(progress.remainingSeconds());
        String percent = String.format(Locale.ROOT, "%3.0f %%", 100 * progress.fraction());
        String all = percent + "  runs ended " + ended + ", measurements "
                + view.done().measured() + " of " + view.done().measurements() + left;
        return Columns.width(all) <= columns ? all : fitting(columns, percent, "  runs ended " + ended, left);
    }

    private static String remaining(OptionalLong seconds) {
        return seconds.isPresent() && seconds.getAsLong() > 0
                ? ", about " + Numbers.time(Duration.ofSeconds(seconds.getAsLong())) + " left"
                : "";
    }

    /** Returns as many of the parts as fit, at least the first, which is cut if it is too wide. */
    private static String fitting(int columns, String... parts) {
        StringBuilder line = new StringBuilder(Columns.cut(parts[0], columns));
        for (int i = 1; i < parts.length; i++) {
            if (Columns.width(line + parts[i]) <= columns) {
                line.append(parts[i]);
            }
        }
        return line.toString();
    }
}

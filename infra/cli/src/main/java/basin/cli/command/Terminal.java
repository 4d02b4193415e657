package basin.cli.command;

import basin.aggregator.present.Numbers;
import basin.aggregator.view.Progress;
import basin.aggregator.view.StudyView;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A study's progress in a terminal: progress bars that redraw themselves, or plain lines if the
 * output is not a terminal.
 */
final class Terminal {
    private static final int BAR = 24;
    private static final double PLAIN_STEP = 0.05;

    private final PrintWriter out;
    private final boolean redraws;
    private final Map<String, String> states = new HashMap<>();
    private double plainAt = -1;
    private int drawn;

    Terminal(PrintWriter out, boolean redraws) {
        this.out = out;
        this.redraws = redraws;
    }

    void line(String text) {
        out.println(text);
    }

    void text(String text) {
        out.println();
        out.print(text);
        out.flush();
    }

    void show(StudyView view, Progress progress) {
        if (redraws) {
            redraw(view, progress);
        } else {
            plain(view, progress);
        }
    }

    /** Leaves the bars as they are and continues below them. */
    void endProgress() {
        drawn = 0;
    }

    private void redraw(StudyView view, Progress progress) {
        StringBuilder text = new StringBuilder();
        if (drawn > 0) {
            text.append("\u001b[").append(drawn).append('A');
        }
        List<StudyView.Run> runs = view.runs();
        for (int i = 0; i < runs.size(); i++) {
            StudyView.Run run = runs.get(i);
            Progress.Run own = progress.runs().get(i);
            text.append("\u001b[2K")
                    .append(String.format(
                            "  %-24s %s %s  %s%n", run.label(), bar(own.fraction()), state(run, own), loss(view, run)));
        }
        text.append("\u001b[2K").append(summary(view, progress)).append(System.lineSeparator());
        drawn = runs.size() + 1;
        out.print(text);
        out.flush();
    }

    private void plain(StudyView view, Progress progress) {
        for (StudyView.Run run : view.runs()) {
            String before = states.put(run.runId(), run.state());
            boolean ended = run.state().equals("done") || run.state().equals("failed");
            if (ended && !run.state().equals(before)) {
                line("  " + run.label() + ": " + run.state() + ", " + loss(view, run)
                        + (run.reason().isEmpty() ? "" : ". " + run.reason()));
            }
        }
        if (progress.fraction() >= plainAt + PLAIN_STEP || (progress.fraction() == 1 && plainAt < 1)) {
            plainAt = progress.fraction();
            line(summary(view, progress));
        }
    }

    private static String summary(StudyView view, Progress progress) {
        return String.format(
                Locale.ROOT,
                "%3.0f %%  runs ended %d of %d, measurements %d of %d%s",
                100 * progress.fraction(),
                view.done().ended(),
                view.done().runs(),
                view.done().measured(),
                view.done().measurements(),
                remaining(progress.remainingSeconds()));
    }

    private static String remaining(OptionalLong seconds) {
        return seconds.isPresent() && seconds.getAsLong() > 0
                ? ", about " + Numbers.time(Duration.ofSeconds(seconds.getAsLong())) + " left"
                : "";
    }

    private static String state(StudyView.Run run, Progress.Run progress) {
        OptionalLong left = progress.remainingSeconds();
        boolean ended = run.state().equals("done") || run.state().equals("failed");
        return String.format(
                "%-12s", ended || left.isEmpty() ? run.state() : Numbers.time(Duration.ofSeconds(left.getAsLong())));
    }

    private static String loss(StudyView view, StudyView.Run run) {
        return run.losses().isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        "step %d, %s %.3f nats",
                        run.losses().getLast().step(),
                        view.loss().quantity(),
                        run.losses().getLast().excess().value());
    }

    private static String bar(double fraction) {
        int full = (int) Math.round(BAR * fraction);
        return "█".repeat(full) + "░".repeat(BAR - full);
    }
}

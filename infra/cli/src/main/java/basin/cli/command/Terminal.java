package basin.cli.command;

import basin.aggregator.present.Columns;
import basin.aggregator.view.Progress;
import basin.aggregator.view.StudyView;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The place where a command's lines go. In a terminal, progress is redrawn in place, never in more
 * lines than the terminal has; elsewhere, such as in a file, it is a line now and then. Confined to
 * one thread.
 */
final class Terminal {
    /** The widest line of a result, in columns. */
    static final int RESULT_COLUMNS = 100;

    /** Share of a study between two lines where nothing is redrawn. */
    private static final double PLAIN_STEP = 0.05;
    /** The most failures that are listed where nothing is redrawn. */
    private static final int MAX_FAILURES = 10;
    /** Lines that the live view takes even if a command's own lines then scroll off. */
    private static final int MIN_LIVE = 5;

    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String TOP_LEFT = "\u001b[H";

    private final PrintWriter out;
    private final boolean redraws;
    private final Supplier<TerminalSize> size;
    private final LiveView live = new LiveView();
    private double plainAt = -1;
    private int failures;
    private int above;
    private int drawn;
    private TerminalSize drawnIn = TerminalSize.USUAL;
    private boolean inProgress;

    /**
     * Creates a terminal.
     *
     * @param redraws whether the cursor can be moved
     * @param size asked before every redrawing, because a user may resize the terminal
     */
    Terminal(PrintWriter out, boolean redraws, Supplier<TerminalSize> size) {
        this.out = out;
        this.redraws = redraws;
        this.size = size;
    }

    /** Returns the terminal of this process, or a plain one if its output goes elsewhere. */
    static Terminal of(PrintWriter out) {
        return new Terminal(out, isInteractive(System.getenv("TERM")), TerminalSize::now);
    }

    /** Returns the terminal of this process for standard error, which may go elsewhere alone. */
    static Terminal ofNotes(PrintWriter out) {
        return new Terminal(out, isInteractive(System.getenv("TERM")) && isTerminal(STANDARD_ERROR), TerminalSize::now);
    }

    /** Returns whether an open file is a terminal; also true where the system does not say. */
    static boolean isTerminal(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().matches("/dev/(pts/|tty|console).*");
        } catch (IOException unknown) {
            return true;
        }
    }

    /** Returns a terminal that nobody sees. */
    static Terminal nowhere() {
        return new Terminal(new PrintWriter(Writer.nullWriter()), false, () -> TerminalSize.USUAL);
    }

    private static boolean isInteractive(String term) {
        return !"dumb".equals(term)
                && Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isPresent();
    }

    /** Returns whether progress is redrawn in place. */
    boolean redraws() {
        return redraws;
    }

    /** Returns the width of a result, in columns. */
    int columns() {
        return redraws ? Math.min(RESULT_COLUMNS, size.get().columns()) : RESULT_COLUMNS;
    }

    void line(String text) {
        clearProgress();
        out.println(text);
        if (redraws) {
            int columns = size.get().columns();
            above += text.lines()
                    .mapToInt(line -> Math.max(1, Math.ceilDiv(Columns.width(line), columns)))
                    .sum();
        }
        out.flush();
    }

    /** Prints a text of several lines below an empty one. */
    void text(String text) {
        line("");
        line(text.stripTrailing());
    }

    /** Prints a line of progress, in a terminal in the place of the one before. */
    void progress(String text) {
        if (redraws) {
            out.print(CLEAR_LINE + Columns.cut(text, size.get().columns() - 1));
            inProgress = true;
        } else {
            out.println(text);
        }
        out.flush();
    }

    /** Removes the line of progress from a terminal. */
    void clearProgress() {
        if (inProgress) {
            inProgress = false;
            out.print(CLEAR_LINE);
            out.flush();
        }
    }

    /**
     * Shows a study's progress.
     *
     * @param page address of its page
     */
    void show(StudyView view, Progress progress, String page) {
        if (redraws) {
            redraw(view, progress, page);
        } else {
            plain(view, progress);
        }
    }

    /** Leaves the live view as it is and continues below it. */
    void endProgress() {
        drawn = 0;
        above = 0;
    }

    private void redraw(StudyView view, Progress progress, String page) {
        TerminalSize now = size.get();
        StringBuilder text = new StringBuilder(NO_WRAP);
        if (drawn > 0 && now.equals(drawnIn)) {
            text.append("\u001b[").append(drawn).append('A');
        } else if (drawn > 0) {
            // A resized terminal may have broken or moved the lines, so the screen begins anew.
            text.append(TOP_LEFT).append(CLEAR_BELOW);
            above = 0;
        }
        int most = Math.max(1, now.rows() - 2);
        int room = Math.max(Math.min(most, MIN_LIVE), most - above);
        List<String> lines = live.lines(view, progress, page, now.columns() - 1, room);
        lines.forEach(line -> text.append("\r\u001b[2K").append(line).append("\r\n"));
        out.print(text.append(CLEAR_BELOW).append(WRAP));
        out.flush();
        drawn = lines.size();
        drawnIn = now;
    }

    private void plain(StudyView view, Progress progress) {
        List<StudyView.Run> failed =
                view.runs().stream().filter(run -> run.state().equals("failed")).toList();
        for (; failures < Math.min(failed.size(), MAX_FAILURES); failures++) {
            StudyView.Run run = failed.get(failures);
            line("  " + run.label() + " failed: " + run.reason());
        }
        if (failures < failed.size() && failures == MAX_FAILURES) {
            failures++;
            line("  More runs failed; the page lists them.");
        }
        if (progress.fraction() >= plainAt + PLAIN_STEP || (progress.fraction() == 1 && plainAt < 1)) {
            plainAt = progress.fraction();
            line(LiveView.summary(view, progress, Integer.MAX_VALUE));
        }
    }
}

package basin.cli.command;

import basin.aggregator.present.Numbers;
import basin.cli.transfer.Watcher;
import basin.flatness.measurement.ProgressListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Progress of one long task with the time left: a line that redraws itself in a terminal, elsewhere
 * a line after the first second, at every twentieth of the task and after every {@value
 * #QUIET_SECONDS} seconds. Confined to one thread.
 */
final class ProgressPrinter implements Watcher {
    /** Smallest share of the work between two lines. */
    private static final double LINE = 0.05;
    /** Longest time without a line while there is progress, in seconds. */
    private static final int QUIET_SECONDS = 30;
    /** Shortest time, in nanoseconds, that a stage lasts before it gets a line. */
    private static final long MIN_NANOS = 2_000_000_000L;
    /** Shortest time between two redrawings, in nanoseconds. */
    private static final long REDRAW_NANOS = 100_000_000L;

    private final Terminal terminal;
    private final LongSupplier nanos;
    private String stage = "";
    private long begun;
    private double begunAt;
    private String name = "";
    private double from;
    private double to = 1;
    private long partBegun;
    private double reported;
    private long reportedNanos;
    private boolean ended;

    ProgressPrinter(PrintWriter out) {
        this(Terminal.ofNotes(out), System::nanoTime);
    }

    /**
     * Creates a printer.
     *
     * @param nanos a clock that never goes back, in nanoseconds
     */
    ProgressPrinter(Terminal terminal, LongSupplier nanos) {
        this.terminal = terminal;
        this.nanos = nanos;
        begin(0);
    }

    /** Begins a task of which a share is done already, from 0 to 1. */
    void begin(double share) {
        begun = nanos.getAsLong();
        begunAt = share;
        reported = share;
        reportedNanos = begun - REDRAW_NANOS;
        ended = false;
        part("", 0, 1);
    }

    /**
     * Begins a part of the task. The shares that follow are those of the part, and what is reported
     * is the whole task's.
     *
     * @param ofPart stands before what is done
     * @param first share of the task that is done before it, from 0 to 1
     * @param last share of the task that is done with it
     */
    void part(String ofPart, double first, double last) {
        name = ofPart;
        from = first;
        to = last;
        partBegun = nanos.getAsLong();
    }

    /** Prints a line at every tenth of a stage that takes its time. */
    @Override
    public void at(String now, long done, long all) {
        if (!now.equals(stage)) {
            stage = now;
            begin(0);
        }
        long tenth = all == 0 ? 10 : 10 * done / all;
        if (tenth > 10 * reported && nanos.getAsLong() - begun > MIN_NANOS) {
            reported = tenth / 10.0;
            terminal.progress(stage + ": " + 10 * tenth + " %" + left(all == 0 ? 1 : (double) done / all));
        }
        if (tenth == 10) {
            terminal.clearProgress();
        }
    }

    /** Prints the progress of counted work and the estimated time left. */
    void counted(String what, long done, long all) {
        share(all == 0 ? 1 : (double) done / all, String.format(Locale.ROOT, "%s %,d of %,d", what, done, all));
    }

    /**
     * Prints the progress of the task and the estimated time left.
     *
     * @param share share of the part that is done, from 0 to 1
     * @param what what is done
     */
    void share(double share, String what) {
        share(share, what, () -> "");
    }

    private void share(double ofPart, String what, Supplier<String> more) {
        double share = ofPart >= 1 ? to : from + (to - from) * ofPart;
        long now = nanos.getAsLong();
        // A plan may grow, so that less of it is done than before.
        reported = Math.min(reported, share);
        boolean ends = share >= 1 && !ended;
        ended = share >= 1;
        boolean due = terminal.redraws()
                ? now - reportedNanos >= REDRAW_NANOS
                : share >= reported + LINE || (share > reported && now - reportedNanos >= quiet());
        if (ends || (due && !ended)) {
            reported = share;
            reportedNanos = now;
            terminal.progress(
                    String.format(Locale.ROOT, "%3.0f %%  %s%s%s%s", 100 * share, name, what, left(share), more.get()));
        }
        if (ended) {
            terminal.clearProgress();
        }
    }

    /** Returns how long there may be no line, in nanoseconds: before the first one a second. */
    private long quiet() {
        return (reportedNanos < begun ? 1 : QUIET_SECONDS) * 1_000_000_000L;
    }

    /**
     * Prints the progress of a measurement, the time left, its present estimate, and the error
     * reached and wanted.
     *
     * @param limit the time after which the measurement ends
     * @param wanted relative standard error at which it ends
     * @return whether the measurement continues
     */
    boolean measured(ProgressListener.Progress progress, Optional<Duration> limit, Optional<Double> wanted) {
        double spent = millisSince(partBegun);
        // Both the work and the time may end it.
        double share = Math.max(
                (double) progress.pairs() / progress.planned(),
                limit.map(max -> spent / max.toMillis()).orElse(0.0));
        String what = String.format(
                Locale.ROOT,
                "%,d of %s%,d batches",
                progress.pairs(),
                limit.isPresent() ? "at most " : wanted.isPresent() ? "about " : "",
                progress.planned());
        // Where an error is wanted, only the end of the measurement tells that nothing is left.
        share(
                Math.min(share, wanted.isPresent() ? 0.99 : 1),
                what,
                () -> progress.known()
                        .map(known -> "; " + reported(known, wanted))
                        .orElse(""));
        return limit.isEmpty() || spent < limit.get().toMillis();
    }

    private static String reported(ProgressListener.Known known, Optional<Double> wanted) {
        return known.quantity().id() + " "
                + Numbers.plusMinus(known.value().value(), known.value().standardError())
                + ", error " + Numbers.significant(100 * known.relativeError(), 2) + " %"
                + wanted.map(error -> " of " + Numbers.percent(error) + " wanted")
                        .orElse("")
                + known.interval()
                        .map(interval -> String.format(
                                Locale.ROOT,
                                ", within %.4g to %.4g whenever one looks",
                                interval.low(),
                                interval.high()))
                        .orElse("");
    }

    /** Ends the progress; a result follows. */
    void end() {
        terminal.clearProgress();
    }

    private double millisSince(long then) {
        return (nanos.getAsLong() - then) / 1e6;
    }

    private String left(double share) {
        double gained = share - begunAt;
        if (share >= 1 || gained <= 0) {
            return "";
        }
        Duration left = Duration.ofMillis(Math.round(millisSince(begun) * (1 - share) / gained));
        return ", about " + Numbers.time(left) + " left";
    }
}

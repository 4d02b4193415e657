package basin.cli.command;

import basin.aggregator.present.Numbers;
import basin.cli.transfer.Watcher;
import basin.flatness.measurement.ProgressListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Progress of one long task, as plain lines. Confined to one thread. */
final class ProgressPrinter implements Watcher {
    /** Smallest share of the work between two lines, for counted work and measurements. */
    private static final double LINE = 0.05;
    /** Shortest time, in nanoseconds, that a stage lasts before it gets a line. */
    private static final long MIN_NANOS = 2_000_000_000L;

    private final PrintWriter out;
    private String stage = "";
    private long begun = System.nanoTime();
    private double reported;

    ProgressPrinter(PrintWriter out) {
        this.out = out;
    }

    /** Prints a line at every tenth of a stage. */
    @Override
    public void at(String now, long done, long all) {
        if (!now.equals(stage)) {
            stage = now;
            begun = System.nanoTime();
            reported = 0;
        }
        long tenth = all == 0 ? 10 : 10 * done / all;
        if (tenth > reported && System.nanoTime() - begun > MIN_NANOS) {
            reported = tenth;
            out.println(stage + ": " + 10 * tenth + " %");
        }
    }

    /** Prints the progress of counted work and the estimated time left. */
    void counted(String what, long done, long all) {
        double share = all == 0 ? 1 : (double) done / all;
        if (reported < 1 && (share >= 1 || share >= reported + LINE)) {
            reported = share;
            out.printf(Locale.ROOT, "%3.0f %%  %s %,d of %,d%s%n", 100 * share, what, done, all, left(share));
        }
    }

    /**
     * Prints the progress of a measurement, its present estimate and the time left.
     *
     * @param limit the time after which the measurement ends
     * @return whether the measurement continues
     */
    boolean measured(ProgressListener.Progress progress, Optional<Duration> limit) {
        double spent = spentMillis();
        double share = Math.max(
                (double) progress.pairs() / progress.planned(),
                limit.map(max -> spent / max.toMillis()).orElse(0.0));
        if (share >= reported + LINE) {
            reported = share;
            ProgressListener.Known known = progress.known();
            out.printf(
                    Locale.ROOT,
                    "%3.0f %%  %,d of %s%,d batches; %s %.4g ± %.2g, within %.4g to %.4g whenever one looks%s%n",
                    Math.min(100, 100 * share),
                    progress.pairs(),
                    limit.isPresent() ? "at most " : "",
                    progress.planned(),
                    known.quantity().id(),
                    known.value().value(),
                    known.value().standardError(),
                    known.interval().low(),
                    known.interval().high(),
                    left(share));
        }
        return limit.isEmpty() || spent < limit.get().toMillis();
    }

    private double spentMillis() {
        return (System.nanoTime() - begun) / 1e6;
    }

    private String left(double share) {
        Duration left = Duration.ofMillis(Math.round(spentMillis() * (1 - share) / share));
        return share < 1 ? ", about " + Numbers.time(left) + " left" : "";
    }
}

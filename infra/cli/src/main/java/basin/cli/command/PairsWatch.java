package basin.cli.command;

import basin.aggregator.present.Numbers;
import basin.flatness.measurement.ProgressListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** A measurement as plain lines: at most one a twentieth, with what is known so far and the time that is left. One thread. */
final class PairsWatch implements ProgressListener {
    private static final double LINE = 0.05;

    private final PrintWriter out;
    private final Optional<Duration> limit;
    private final long start = System.nanoTime();
    private double told = 0;

    /** @param limit after which it ends the measurement */
    PairsWatch(PrintWriter out, Optional<Duration> limit) {
        this.out = out;
        this.limit = limit;
    }

    @Override
    public boolean at(ProgressListener.Progress progress) {
        Duration spent = Duration.ofNanos(System.nanoTime() - start);
        double share = Math.max(
                (double) progress.pairs() / progress.planned(),
                limit.map(most -> (double) spent.toMillis() / most.toMillis()).orElse(0.0));
        if (share >= told + LINE) {
            told = share;
            ProgressListener.Known known = progress.known();
            Duration left = Duration.ofMillis(Math.round(spent.toMillis() * (1 - share) / share));
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
                    share < 1 ? ", about " + Numbers.time(left) + " left" : "");
            out.flush();
        }
        return limit.isEmpty() || spent.compareTo(limit.get()) < 0;
    }
}

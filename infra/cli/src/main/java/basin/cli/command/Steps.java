package basin.cli.command;

import basin.aggregator.present.Numbers;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Progress of work that is counted, as plain lines: at most one a twentieth, with the time that is left. One thread. */
final class Steps {
    private static final double LINE = 0.05;

    private final PrintWriter out;
    private final String what;
    private final long start = System.nanoTime();
    private double told = 0;

    Steps(PrintWriter out, String what) {
        this.out = out;
        this.what = what;
    }

    /** So many of so many are done. */
    void at(long done, long all) {
        double share = all == 0 ? 1 : (double) done / all;
        if (told >= 1 || (share < 1 && share < told + LINE)) {
            return;
        }
        told = share;
        double spent = (System.nanoTime() - start) / 1e9;
        Duration left = Duration.ofMillis(Math.round(1000 * spent * (1 - share) / share));
        out.printf(
                Locale.ROOT,
                "%3.0f %%  %s %,d of %,d%s%n",
                100 * share,
                what,
                done,
                all,
                share < 1 ? ", about " + Numbers.time(left) + " left" : "");
        out.flush();
    }
}

package basin.cli.command;

import basin.cli.transfer.Watcher;
import java.io.PrintWriter;

/** Tells of long work in lines: one at every tenth, and none of what ends at once. Of one thread. */
final class Tenths implements Watcher {
    private static final long LEAST_NANOS = 2_000_000_000L;

    private final PrintWriter out;
    private String what = "";
    private long begun;
    private long told;

    Tenths(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void at(String now, long done, long all) {
        if (!now.equals(what)) {
            what = now;
            begun = System.nanoTime();
            told = 0;
        }
        long tenth = all == 0 ? 10 : 10 * done / all;
        if (tenth > told && System.nanoTime() - begun > LEAST_NANOS) {
            told = tenth;
            out.println(what + ": " + 10 * tenth + " %");
            out.flush();
        }
    }
}

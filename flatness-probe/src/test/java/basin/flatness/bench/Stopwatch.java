package basin.flatness.bench;

import basin.study.Refusal;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.DoubleSupplier;
import java.util.function.IntConsumer;

/**
 * Times work by a clock that advances in ticks. Whatever it reports took at least {@value #TICKS}
 * ticks and a second, after a warm-up as long; what it cannot resolve is an error. For one thread.
 */
final class Stopwatch {
    /** Fewest ticks of the clock behind a figure, so that a tick is at most 1 % of it. */
    static final int TICKS = 100;

    private static final double MIN_SECONDS = 1;
    /** Runs after which a clock that hardly advances is given up. */
    private static final int MAX_RUNS = 1_000_000;
    /** Readings after which a clock that stands still is given up. */
    private static final int MAX_READINGS = 50_000_000;

    private final DoubleSupplier clock;
    private final double tick;

    private Stopwatch(DoubleSupplier clock, double tick) {
        this.clock = clock;
        this.tick = tick;
    }

    /**
     * The time of some work.
     *
     * @param amount amount of work in a run
     * @param seconds time of a run, above zero
     * @param ticks ticks of the clock in all runs together, at least {@value #TICKS}
     */
    record Timed(int amount, double seconds, double ticks) {}

    /**
     * Returns a stopwatch of the CPU time that this process uses, including compiler and garbage
     * collector; on an idle machine with one thread it equals the elapsed time.
     */
    static Stopwatch ofProcessor() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return of(() -> system.getProcessCpuTime() / 1e9);
    }

    /**
     * Returns a stopwatch of a clock, whose tick is found by reading it until it has advanced.
     *
     * @param clock seconds from any moment
     * @throws Refusal if the clock stands still
     */
    static Stopwatch of(DoubleSupplier clock) {
        double tick = Double.POSITIVE_INFINITY;
        double before = clock.getAsDouble();
        int advanced = 0;
        for (int i = 0; i < MAX_READINGS; i++) {
            double now = clock.getAsDouble();
            if (now > before) {
                tick = Math.min(tick, now - before);
                before = now;
                advanced++;
                if (advanced == 3) {
                    return new Stopwatch(clock, tick);
                }
            }
        }
        throw new Refusal("the clock of this machine stands still: nothing can be timed with it.");
    }

    /** Returns the smallest advance of the clock, in seconds. */
    double tick() {
        return tick;
    }

    private double enough() {
        return Math.max(TICKS * tick, MIN_SECONDS);
    }

    /**
     * Times work of the wanted amount, or of as much as is long enough if all of it would take
     * longer than a limit. Runs are repeated until the clock resolves them.
     *
     * @param name name of the work in messages
     * @param least smallest amount of a run
     * @param wanted amount of work to time, at least {@code least}
     * @param limit seconds that a run may take
     * @param work does the given amount of work
     * @throws Refusal if the clock cannot resolve the work
     */
    Timed time(String name, int least, int wanted, double limit, IntConsumer work) {
        repeat(name, least, work);
        int amount = least;
        double seconds = once(amount, work);
        while (seconds < enough() && amount < wanted) {
            amount = (int) Math.min(wanted, 2L * amount);
            seconds = once(amount, work);
        }
        if (amount < wanted && seconds * wanted / amount <= limit) {
            amount = wanted;
        }
        return repeat(name, amount, work);
    }

    private double once(int amount, IntConsumer work) {
        double start = clock.getAsDouble();
        work.accept(amount);
        return clock.getAsDouble() - start;
    }

    private Timed repeat(String name, int amount, IntConsumer work) {
        double start = clock.getAsDouble();
        for (int runs = 1; runs <= MAX_RUNS; runs++) {
            work.accept(amount);
            double seconds = clock.getAsDouble() - start;
            if (seconds >= enough()) {
                return new Timed(amount, seconds / runs, seconds / tick);
            }
        }
        throw new Refusal("the time of " + name + " is below the resolution of the clock, ticks of " + tick
                + " s: give it more work.");
    }
}

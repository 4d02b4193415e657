package basin.flatness.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import basin.study.Refusal;
import org.junit.jupiter.api.Test;

/** Tests that the benchmarks' figures are resolved by their clock, with a clock of its own. */
class StopwatchTest {
    private static final double TICK = 0.01;

    /** Seconds that have passed; every reading takes a microsecond. */
    private double seconds;

    private long done;

    private double coarse() {
        seconds += 1e-6;
        return Math.floor(seconds / TICK) * TICK;
    }

    private void work(int amount, double each) {
        seconds += amount * each;
        done += amount;
    }

    @Test
    void findsTheTickOfTheClock() {
        assertThat(Stopwatch.of(this::coarse).tick()).isCloseTo(TICK, within(1e-9));
    }

    @Test
    void workShorterThanATickIsRepeatedUntilItIsResolved() {
        Stopwatch.Timed found = Stopwatch.of(this::coarse).time("short", 2, 8, 20, amount -> work(amount, 1e-5));
        assertThat(found.amount()).isEqualTo(8);
        assertThat(found.seconds()).isCloseTo(8e-5, within(0.03 * 8e-5));
        assertThat(found.ticks()).isGreaterThanOrEqualTo(Stopwatch.TICKS - 1e-6);
    }

    @Test
    void allOfTheWorkIsDoneWhereTheLimitAllows() {
        Stopwatch.Timed found = Stopwatch.of(this::coarse).time("whole", 2, 1000, 20, amount -> work(amount, 0.015));
        assertThat(found.amount()).isEqualTo(1000);
        assertThat(found.seconds()).isCloseTo(15, within(0.02));
    }

    @Test
    void partOfTheWorkIsDoneWhereAllTakesTooLong() {
        Stopwatch.Timed found = Stopwatch.of(this::coarse).time("part", 2, 100_000, 20, amount -> work(amount, 0.1));
        assertThat(found.amount()).isBetween(8, 32);
        assertThat(found.seconds()).isCloseTo(0.1 * found.amount(), within(0.02 * found.seconds()));
        assertThat(done).isLessThan(200);
    }

    @Test
    void whatIsBelowTheResolutionIsAnError() {
        Stopwatch watch = Stopwatch.of(this::coarse);
        double stopped = seconds;
        assertThatThrownBy(() -> watch.time("nothing", 2, 8, 20, amount -> seconds = stopped))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("the time of nothing is below the resolution of the clock");
        assertThatThrownBy(() -> Stopwatch.of(() -> 1))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("stands still");
    }
}

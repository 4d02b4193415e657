package basin.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import basin.flatness.measurement.ProgressListener;
import basin.record.Measured;
import basin.study.Quantity;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests the lines of progress by a clock of their own. */
class ProgressPrinterTest {
    private final StringWriter written = new StringWriter();
    private long nanos;

    private ProgressPrinter plain() {
        return new ProgressPrinter(
                new Terminal(new PrintWriter(written), false, () -> TerminalSize.USUAL), () -> nanos);
    }

    private ProgressPrinter inTerminal() {
        return new ProgressPrinter(new Terminal(new PrintWriter(written), true, () -> TerminalSize.USUAL), () -> nanos);
    }

    private List<String> lines() {
        return written.toString().lines().toList();
    }

    private void seconds(double seconds) {
        nanos += Math.round(seconds * 1e9);
    }

    @Test
    void thereIsALineAtEveryTwentiethWithTheTimeLeft() {
        ProgressPrinter progress = plain();
        for (int i = 1; i <= 1000; i++) {
            seconds(0.01);
            progress.counted("records read", i, 1000);
        }
        assertThat(lines())
                .hasSize(20)
                .startsWith("  5 %  records read 50 of 1,000, about 10 s left")
                .endsWith("100 %  records read 1,000 of 1,000");
    }

    @Test
    void slowWorkIsNotSilent() {
        ProgressPrinter progress = plain();
        progress.begin(0);
        for (int i = 1; i <= 100; i++) {
            seconds(10);
            progress.share(i / 10_000.0, "1 of 18 checkpoints");
        }
        assertThat(lines())
                .hasSize(34)
                .first()
                .asString()
                .isEqualTo("  0 %  1 of 18 checkpoints, about 27 h 46 min left");
    }

    @Test
    void whatWasDoneBeforeDoesNotShortenTheTimeLeft() {
        ProgressPrinter progress = plain();
        progress.begin(0.5);
        seconds(10);
        progress.share(0.75, "3 of 4 checkpoints");
        assertThat(lines()).containsExactly(" 75 %  3 of 4 checkpoints, about 10 s left");
    }

    @Test
    void theTimeLeftIsThatOfAllParts() {
        ProgressPrinter progress = plain();
        progress.part("folder 1 of 2, ", 0, 0.25);
        seconds(10);
        progress.share(1, "40 of 40 batches");
        progress.part("folder 2 of 2, ", 0.25, 1);
        seconds(10);
        progress.counted("loss of batches", 20, 60);
        seconds(20);
        progress.counted("loss of batches", 60, 60);
        assertThat(lines())
                .containsExactly(
                        " 25 %  folder 1 of 2, 40 of 40 batches, about 30 s left",
                        " 50 %  folder 2 of 2, loss of batches 20 of 60, about 20 s left",
                        "100 %  folder 2 of 2, loss of batches 60 of 60");
    }

    @Test
    void aTerminalShowsOneLineThatIsGoneInTheEnd() {
        ProgressPrinter progress = inTerminal();
        for (int i = 1; i <= 100; i++) {
            seconds(0.05);
            progress.counted("loss of batches", i, 100);
        }
        assertThat(written.toString()).doesNotContain("\n").endsWith("100 %  loss of batches 100 of 100\r\u001b[K");
        assertThat(written.toString().split("\r")).hasSizeBetween(50, 53);
    }

    private static ProgressListener.Progress measured(int pairs, int planned, double error) {
        return new ProgressListener.Progress(
                pairs,
                planned,
                () -> Optional.of(new ProgressListener.Known(
                        Quantity.HESSIAN_TRACE, new Measured(1658.72, 1658.72 * error), Optional.empty())));
    }

    @Test
    void theErrorReachedIsBesideTheErrorWanted() {
        ProgressPrinter progress = plain();
        seconds(4);
        assertThat(progress.measured(measured(40, 400, 0.17), Optional.empty(), Optional.of(0.02)))
                .isTrue();
        assertThat(lines())
                .containsExactly(
                        " 10 %  40 of about 400 batches, about 36 s left; hessian.trace 1,660 ± 280, error 17 %"
                                + " of 2 % wanted");
        // A plan that grows does not silence what follows.
        progress.measured(measured(60, 1200, 0.1), Optional.empty(), Optional.of(0.02));
        progress.measured(measured(150, 1200, 0.05), Optional.empty(), Optional.of(0.02));
        assertThat(lines()).hasSize(2).last().asString().startsWith(" 13 %  150 of about 1,200 batches");
    }

    @Test
    void aLimitOfTimeEndsIt() {
        ProgressPrinter progress = plain();
        seconds(29);
        assertThat(progress.measured(measured(40, 400, 0.17), Optional.of(Duration.ofSeconds(30)), Optional.empty()))
                .isTrue();
        assertThat(lines().getFirst()).startsWith(" 97 %  40 of at most 400 batches, about 1 s left");
        seconds(2);
        assertThat(progress.measured(measured(41, 400, 0.17), Optional.of(Duration.ofSeconds(30)), Optional.empty()))
                .isFalse();
    }
}

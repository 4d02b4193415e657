package basin.aggregator;

import basin.log.KafkaEndpoint;
import basin.log.LogWriter;
import basin.service.ServiceMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** A log folded completely as the aggregator folds it, without analysis and page. Thread-safe. */
public final class FoldedLog implements AutoCloseable {
    private final LiveFold fold;

    private FoldedLog(LiveFold fold) {
        this.fold = fold;
    }

    /**
     * Folds everything that is in the log at present.
     *
     * @throws TimeoutException if that takes longer than the limit
     */
    public static FoldedLog read(KafkaEndpoint endpoint, Duration limit) throws InterruptedException, TimeoutException {
        LiveFold fold = new LiveFold(
                endpoint, new ServiceMetrics(new SimpleMeterRegistry()), Optional.empty(), Optional.empty());
        try {
            fold.awaitCaughtUp(limit);
            return new FoldedLog(fold);
        } catch (InterruptedException | TimeoutException | RuntimeException notRead) {
            fold.close();
            throw notRead;
        }
    }

    /** Returns the number of records read from the record topics. */
    public long records() {
        return fold.counts().byTopic().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Returns the number of records that cannot be folded. */
    public long malformed() {
        return fold.counts().malformed();
    }

    /** Writes a snapshot of everything that was folded to the log. */
    public void keepSnapshot(KafkaEndpoint endpoint) {
        try (LogWriter writer = LogWriter.open(endpoint, "bench")) {
            new Snapshots(endpoint, writer, Snapshots.MIN_MORE)
                    .write(fold.moment().orElseThrow());
        }
    }

    @Override
    public void close() {
        fold.close();
    }
}

package basin.aggregator;

import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogWriter;
import basin.log.deadletter.DeadLetterWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records that cannot be folded to the dead-letter topic, in batches, on a separate thread
 * so that neither folding nor analysis waits. Writes that are not acknowledged are retried. If too
 * many records are waiting, reading the log blocks. Thread-safe.
 */
final class DeadLetterPublisher implements AutoCloseable {
    private static final Logger WAITS = LoggerFactory.getLogger(KafkaEndpoint.WAITS);
    private static final int AT_ONCE = 500;
    /** Maximum number of waiting records; each may be as large as a record can be. */
    private static final int MAX_WAITING = 2000;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final LiveFold fold;
    private final DeadLetterWriter deadLetters;
    private final Semaphore news = new Semaphore(0);
    private final Semaphore progress = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closing;

    private DeadLetterPublisher(LiveFold fold, DeadLetterWriter deadLetters) {
        this.fold = fold;
        this.deadLetters = deadLetters;
        this.thread =
                Thread.ofPlatform().name("aggregator-dead-letters").daemon().unstarted(this::run);
    }

    static DeadLetterPublisher start(LiveFold fold, DeadLetterWriter deadLetters) {
        DeadLetterPublisher publisher = new DeadLetterPublisher(fold, deadLetters);
        publisher.thread.start();
        return publisher;
    }

    /**
     * Wakes the publisher. Called by the thread that reads the log; blocks while too many records
     * are waiting.
     *
     * @param waiting number of records that are not dead-lettered yet
     */
    void wake(int waiting) {
        news.release();
        try {
            for (int left = waiting;
                    left > MAX_WAITING && !closing;
                    left = fold.undelivered(Integer.MAX_VALUE).size()) {
                var _ = progress.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closing) {
                news.acquire();
                news.drainPermits();
                for (List<LiveFold.Malformed> open = fold.undelivered(AT_ONCE);
                        !open.isEmpty() && !closing;
                        open = fold.undelivered(AT_ONCE)) {
                    write(open);
                    progress.release();
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<LiveFold.Malformed> open) throws InterruptedException {
        List<CompletableFuture<LogPosition>> written = open.stream()
                .map(one -> deadLetters.write(one.record(), DeadLetterWriter.Kind.POISON, one.reason()))
                .toList();
        int acknowledged = 0;
        try {
            for (CompletableFuture<LogPosition> one : written) {
                LogPosition _ = LogWriter.await(one);
                acknowledged++;
            }
        } catch (KafkaException away) {
            if (!closing) {
                WAITS.warn("Dead letters could not be written and are tried again: {}", away.toString());
            }
        }
        fold.delivered(open.subList(0, acknowledged));
        if (acknowledged < open.size()) {
            Thread.sleep(PAUSE);
        }
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
    }
}

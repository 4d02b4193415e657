package basin.log;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Monitors a tail by fetching the log's end offsets once a second: whether the broker answers, how
 * many records remain to be read, and when there was last none. Thread-safe.
 */
public final class TailWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TailWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(15);

    private final LogTail tail;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private final long startedAt = System.nanoTime();

    private volatile long answeredAt = startedAt;
    private volatile boolean answered;
    private volatile long caughtUpAt = startedAt;
    private volatile long lag;

    private TailWatch(LogTail tail, String name) {
        this.tail = tail;
        this.thread = Thread.ofVirtual().name(name + "-watch").unstarted(this::run);
    }

    /**
     * Starts to monitor.
     *
     * @param tail remains open when the watch closes
     * @param name purpose of the tail, in one word
     */
    public static TailWatch start(LogTail tail, String name) {
        TailWatch watch = new TailWatch(tail, name);
        watch.thread.start();
        return watch;
    }

    /** Returns whether the tail is running and the broker has answered within the last 15 s. */
    public boolean isReading() {
        return answered && !tail.ended().isDone() && since(answeredAt).compareTo(SILENCE_LIMIT) < 0;
    }

    /** Returns the number of unread records when the broker last answered. */
    public long lag() {
        return lag;
    }

    /**
     * Returns the time since a record was last handled or since none was left to read, whichever is
     * shorter.
     */
    public Duration age() {
        Duration read = since(tail.handledAt());
        Duration nothing = since(caughtUpAt);
        return read.compareTo(nothing) < 0 ? read : nothing;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private void run() {
        try {
            do {
                ask();
            } while (!closing.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
                    && !tail.ended().isDone());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() throws InterruptedException {
        try {
            lag = tail.lag().get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            answeredAt = System.nanoTime();
            answered = true;
            if (lag == 0) {
                caughtUpAt = answeredAt;
            }
        } catch (ExecutionException | TimeoutException | KafkaException away) {
            LOG.debug("The log's ends cannot be learned now.", away);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
    }
}

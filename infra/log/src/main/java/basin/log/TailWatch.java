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
 * Watches how a tail keeps up, by asking once a second for the log's ends: whether the broker answers, how many records are still
 * to be read, and how long ago there was none. Safe for use by several threads.
 */
public final class TailWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TailWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(15);

    private final LogTail tail;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private final long begunAt = System.nanoTime();

    private volatile long answeredAt = begunAt;
    private volatile boolean answered;
    private volatile long nothingToReadAt = begunAt;
    private volatile long lag;

    private TailWatch(LogTail tail, String name) {
        this.tail = tail;
        this.thread = Thread.ofVirtual().name(name + "-watch").unstarted(this::run);
    }

    /**
     * Begins to watch.
     *
     * @param tail is left open when the watch closes
     * @param name what the tail is for, in a word
     */
    public static TailWatch start(LogTail tail, String name) {
        TailWatch watch = new TailWatch(tail, name);
        watch.thread.start();
        return watch;
    }

    /** Whether the tail runs and the broker has answered within the last 15 s. */
    public boolean isReading() {
        return answered && !tail.ended().isDone() && since(answeredAt).compareTo(SILENCE_LIMIT) < 0;
    }

    /** Records in the log that were still to be read when the broker last answered. */
    public long lag() {
        return lag;
    }

    /** Time since a record was last dealt with, or since there was none to read. */
    public Duration age() {
        Duration read = since(tail.handledAt());
        Duration nothing = since(nothingToReadAt);
        return read.compareTo(nothing) < 0 ? read : nothing;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private void run() {
        try {
            do {
                ask();
            } while (!closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)
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
                nothingToReadAt = answeredAt;
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

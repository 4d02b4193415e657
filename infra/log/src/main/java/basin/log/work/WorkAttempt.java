package basin.log.work;

import basin.log.KafkaEndpoint;
import basin.log.deadletter.DeadLetterWriter;
import basin.study.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at a work item, decoupled from the lock on its record. If the lock is lost the
 * attempt continues, and the next owner of the record in this JVM waits for the same attempt. All
 * handling of failures is here. A {@link Refusal} is dead-lettered at once. After an external fault
 * the attempt is repeated with exponential backoff. Anything else is a bug: it is logged with its
 * stack trace, and the record is delivered again until its attempts are exhausted. Thread-safe.
 */
final class WorkAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(WorkAttempt.class);
    private static final Logger WAITS = LoggerFactory.getLogger(KafkaEndpoint.WAITS);

    /** Logs one line per completed work item, the only regular output of a worker process. */
    private static final Logger WORK = LoggerFactory.getLogger("basin.work");

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    /** The outcome of an attempt. */
    enum Outcome {
        /** The handler returned. */
        DONE,
        /** The work item is not wanted now. */
        UNWANTED,
        /** The work item was dead-lettered. */
        DEAD_LETTERED,
        /** This attempt failed; another may succeed. */
        FAILED,
        /** The queue is closing. */
        INTERRUPTED
    }

    private final Delivery delivery;
    private final DeliveryHandler handler;
    private final DeadLetterWriter deadLetters;
    private final WorkSlots slots;
    private final CompletableFuture<Outcome> ending = new CompletableFuture<>();

    private boolean cancelled;
    private @Nullable Thread worker;
    private Duration pause = FIRST_PAUSE;

    WorkAttempt(Delivery delivery, DeliveryHandler handler, DeadLetterWriter deadLetters, WorkSlots slots) {
        this.delivery = delivery;
        this.handler = handler;
        this.deadLetters = deadLetters;
        this.slots = slots;
    }

    /** Returns a future that completes with the outcome, never exceptionally. */
    CompletableFuture<Outcome> ending() {
        return ending;
    }

    /** Requests a slot. */
    synchronized void start() {
        if (cancelled) {
            return;
        }
        try {
            slots.execute(this::attempt);
        } catch (RejectedExecutionException closing) {
            ending.complete(Outcome.INTERRUPTED);
        }
    }

    /**
     * Cancels the attempt: at once if it waits for a slot, otherwise by an interrupt, and it ends
     * when its handler stops.
     */
    synchronized void cancel() {
        cancelled = true;
        if (worker == null) {
            ending.complete(Outcome.INTERRUPTED);
        } else {
            worker.interrupt();
        }
    }

    private void attempt() {
        if (!begin()) {
            return;
        }
        try (LoggingContext _ = LoggingContext.enter(delivery.record())) {
            ending.complete(work());
        } catch (Throwable failure) {
            if (isCancelled()) {
                ending.complete(Outcome.INTERRUPTED);
            } else if (OutsideFaults.isOutside(failure)) {
                waitOut(failure);
            } else {
                // Dead-lettering failed for a reason that does not pass with time, so the record is
                // left to the next delivery.
                LOG.error("Work item {} could not be dealt with.", delivery.id(), failure);
                ending.complete(Outcome.FAILED);
            }
        } finally {
            end();
        }
    }

    private synchronized boolean begin() {
        if (cancelled) {
            return false;
        }
        worker = Thread.currentThread();
        return true;
    }

    private synchronized void end() {
        worker = null;
        if (cancelled) {
            // A late interrupt must not reach the next work item of this thread.
            Thread.interrupted();
            ending.complete(Outcome.INTERRUPTED);
        }
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private Outcome work() throws Exception {
        if (delivery.count() > WorkQueueSettings.ATTEMPTS) {
            return deadLetter(
                    DeadLetterWriter.Kind.EXHAUSTED,
                    "It ended its worker or failed in each of " + (delivery.count() - 1) + " deliveries.");
        }
        try {
            long begun = System.nanoTime();
            handler.handle(delivery);
            WORK.info("Work item {} is done after {} ms.", delivery.id(), (System.nanoTime() - begun) / 1_000_000);
            return Outcome.DONE;
        } catch (UnwantedWork unwanted) {
            LOG.info("Work item {} leaves its queue undone: {}", delivery.id(), unwanted.getMessage());
            return Outcome.UNWANTED;
        } catch (Refusal refused) {
            return deadLetter(
                    DeadLetterWriter.Kind.POISON,
                    Optional.ofNullable(refused.getMessage()).orElse("No reason is given."));
        } catch (Throwable failure) {
            if (isCancelled() || OutsideFaults.isOutside(failure)) {
                throw failure;
            }
            LOG.error(
                    "Work item {} failed in delivery {} of {}. This is a bug of Basin.",
                    delivery.id(),
                    delivery.count(),
                    WorkQueueSettings.ATTEMPTS,
                    failure);
            return delivery.count() < WorkQueueSettings.ATTEMPTS
                    ? Outcome.FAILED
                    : deadLetter(
                            DeadLetterWriter.Kind.EXHAUSTED,
                            "It failed in each of " + WorkQueueSettings.ATTEMPTS + " deliveries, last with: "
                                    + failure);
        }
    }

    private Outcome deadLetter(DeadLetterWriter.Kind kind, String reason) {
        deadLetters.writeAcked(delivery.record(), kind, reason);
        LOG.warn("Work item {} is dead-lettered as {}: {}", delivery.id(), kind, reason);
        return Outcome.DEAD_LETTERED;
    }

    private void waitOut(Throwable failure) {
        WAITS.warn(
                "Work item {} waits {} ms for what is outside it: {}",
                delivery.id(),
                pause.toMillis(),
                failure.toString());
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
                .execute(this::start);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }
}

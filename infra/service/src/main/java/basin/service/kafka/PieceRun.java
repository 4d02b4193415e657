package basin.service.kafka;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The doing of one piece, apart from the lock on its record: if the lock is lost the run goes on, and whoever is handed
 * the record next in this JVM waits for the same run. Safe for use by several threads.
 */
final class PieceRun {
    private static final Logger LOG = LoggerFactory.getLogger(PieceRun.class);

    /** A line for each piece done: of a process that only works this is what one sees of it. */
    private static final Logger WORK = LoggerFactory.getLogger("basin.work");

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    /** How a run ended. */
    enum Ending {
        /** The handler returned. */
        DONE,
        /** Nobody wants it done now. */
        SET_ASIDE,
        /** It is in the dead-letter topic. */
        BURIED,
        /** This attempt failed; another may succeed. */
        FAILED,
        /** The queue is closing. */
        INTERRUPTED
    }

    private final Delivery delivery;
    private final PieceHandler handler;
    private final DeadLetters deadLetters;
    private final WorkSlots slots;
    private final int attempts;
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();

    private boolean cancelled;
    private @Nullable Thread worker;
    private Duration pause = FIRST_PAUSE;

    PieceRun(Delivery delivery, PieceHandler handler, DeadLetters deadLetters, WorkSlots slots, int attempts) {
        this.delivery = delivery;
        this.handler = handler;
        this.deadLetters = deadLetters;
        this.slots = slots;
        this.attempts = attempts;
    }

    /** Completes when the run is over, never exceptionally. */
    CompletableFuture<Ending> ending() {
        return ending;
    }

    /** Asks for a slot. */
    synchronized void start() {
        if (cancelled) {
            return;
        }
        try {
            slots.execute(this::attempt);
        } catch (RejectedExecutionException closing) {
            ending.complete(Ending.INTERRUPTED);
        }
    }

    /** Ends the run at once if it waits for a slot, else interrupts it: it ends when its handler gives up. */
    synchronized void cancel() {
        cancelled = true;
        if (worker == null) {
            ending.complete(Ending.INTERRUPTED);
        } else {
            worker.interrupt();
        }
    }

    private void attempt() {
        if (!begin()) {
            return;
        }
        try (WorkContext _ = WorkContext.enter(delivery.record())) {
            ending.complete(work());
        } catch (Throwable failure) {
            if (isCancelled()) {
                ending.complete(Ending.INTERRUPTED);
            } else if (OutsideFaults.isOutside(failure)) {
                waitOut(failure);
            } else {
                // Burying failed for a reason that waiting does not mend: leave the record to the next delivery.
                LOG.error("Piece {} could not be dealt with.", delivery.id(), failure);
                ending.complete(Ending.FAILED);
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
            // An interrupt that came too late must not reach the next piece of this thread.
            Thread.interrupted();
            ending.complete(Ending.INTERRUPTED);
        }
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private Ending work() throws Exception {
        if (delivery.count() > attempts) {
            return bury(
                    DeadLetters.Kind.EXHAUSTED,
                    "It ended its worker or failed in each of " + (delivery.count() - 1) + " deliveries.");
        }
        try {
            long begun = System.nanoTime();
            handler.handle(delivery);
            WORK.info("Piece {} is done after {} ms.", delivery.id(), (System.nanoTime() - begun) / 1_000_000);
            return Ending.DONE;
        } catch (PieceSetAside unwanted) {
            LOG.info("Piece {} is set aside: {}", delivery.id(), unwanted.getMessage());
            return Ending.SET_ASIDE;
        } catch (PoisonPiece poison) {
            return bury(
                    DeadLetters.Kind.POISON,
                    Optional.ofNullable(poison.getMessage()).orElse("No reason is given."));
        } catch (Throwable failure) {
            if (isCancelled() || OutsideFaults.isOutside(failure)) {
                throw failure;
            }
            LOG.warn(
                    "Piece {} failed in delivery {} of {}: {}",
                    delivery.id(),
                    delivery.count(),
                    attempts,
                    failure.toString());
            LOG.debug("Piece {} failed so:", delivery.id(), failure);
            return delivery.count() < attempts
                    ? Ending.FAILED
                    : bury(
                            DeadLetters.Kind.EXHAUSTED,
                            "It failed in each of " + attempts + " deliveries, last with: " + failure);
        }
    }

    private Ending bury(DeadLetters.Kind kind, String reason) {
        deadLetters.bury(delivery.record(), kind, reason);
        LOG.warn("Piece {} is dead-lettered as {}: {}", delivery.id(), kind, reason);
        return Ending.BURIED;
    }

    private void waitOut(Throwable failure) {
        LOG.warn(
                "Piece {} waits {} ms for what is outside it: {}", delivery.id(), pause.toMillis(), failure.toString());
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
                .execute(this::start);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }
}

package basin.study;

import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The end of this process, by a signal (SIGTERM, SIGINT, SIGHUP) or because it is done. The JVM
 * runs its shutdown hooks all at once; here one hook runs steps one after the other, the newest
 * first. A step must end by itself within a bounded time. The JVM then ends the process with the
 * status that was asked for, after a signal with 128 and the number of the signal. Thread-safe.
 */
public final class Shutdown {
    private static final ConcurrentLinkedDeque<Step> STEPS = new ConcurrentLinkedDeque<>();
    private static volatile boolean begun;

    static {
        try {
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(Shutdown::run));
        } catch (IllegalStateException alreadyEnding) {
            begun = true;
        }
    }

    private Shutdown() {}

    /** A step of the shutdown, until it is closed. */
    public static final class Step implements AutoCloseable {
        private final Runnable action;

        private Step(Runnable action) {
            this.action = action;
        }

        /** Removes the step. Has no effect if it has begun. */
        @Override
        public void close() {
            STEPS.remove(this);
        }
    }

    /**
     * Adds a step, which runs before those that were added earlier.
     *
     * @param action called on another thread; ends within a bounded time
     */
    public static Step step(Runnable action) {
        Step step = new Step(action);
        STEPS.addFirst(step);
        return step;
    }

    /**
     * Adds a step that runs after all others, for ever.
     *
     * @param action called on another thread; ends within a bounded time
     */
    public static void last(Runnable action) {
        STEPS.addLast(new Step(action));
    }

    /**
     * Returns whether the process has begun to end. From then on work may fail because what it uses
     * is closed, which is worth no message.
     */
    public static boolean hasBegun() {
        return begun;
    }

    private static void run() {
        begun = true;
        for (Step step = STEPS.pollFirst(); step != null; step = STEPS.pollFirst()) {
            try {
                step.action.run();
            } catch (RuntimeException | Error failed) {
                // The steps that remain run too.
                Thread current = Thread.currentThread();
                current.getUncaughtExceptionHandler().uncaughtException(current, failed);
            }
        }
    }
}

package basin.network.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share the pieces of a computation. The calling thread always works itself, and
 * helpers join it. Pieces are taken in order, computed side by side, and given back in order, so
 * that sums have the same bits however many helpers there are and whenever they come and go. A
 * helper computes on the caller's {@linkplain Devices#use device}. Thread-safe.
 */
public final class Workers {
    private static final Executor THREADS = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("measure-", 1).daemon().factory());

    private final Helpers helpers;

    private Workers(Helpers helpers) {
        this.helpers = helpers;
    }

    /** The threads that may help, which may have other work too. */
    public interface Helpers extends Executor {
        /** Returns how many threads may help now. */
        int idle();

        /** Returns whether helpers are to leave after their current piece. */
        boolean areWanted();

        /**
         * Runs a helper on one of the threads. If the helper begins only when the computation is
         * over, it does nothing.
         */
        @Override
        void execute(Runnable helper);
    }

    /** Returns the calling thread alone. */
    public static Workers alone() {
        return of(1);
    }

    /**
     * Returns workers of a fixed number, the calling thread included.
     *
     * @param threads 1 or more
     */
    public static Workers of(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("There are " + threads + " threads: give at least 1.");
        }
        return with(new Helpers() {
            @Override
            public int idle() {
                return threads - 1;
            }

            @Override
            public boolean areWanted() {
                return false;
            }

            @Override
            public void execute(Runnable helper) {
                THREADS.execute(helper);
            }
        });
    }

    /** Returns the calling thread with these helpers, which are asked for anew at every call. */
    public static Workers with(Helpers helpers) {
        return new Workers(helpers);
    }

    /**
     * Computes pieces.
     *
     * @param count number of pieces
     * @param take returns what a piece needs; called for one piece at a time, in their order
     * @param work computes a piece; several at a time
     * @param give receives the results one at a time, in the order of the pieces; on any of the
     *     threads
     */
    public <P, T> void run(int count, IntFunction<P> take, Function<P, T> work, Consumer<T> give) {
        Run<P, T> run = new Run<>(count, take, work, give);
        String device = Devices.chosen();
        for (int i = Math.min(helpers.idle(), count - 1); i > 0; i--) {
            try {
                helpers.execute(() -> help(run, device));
            } catch (RejectedExecutionException stopping) {
                break;
            }
        }
        run.work(() -> false);
        run.end();
    }

    private <P, T> void help(Run<P, T> run, String device) {
        if (run.enter()) {
            try (Devices.Use _ = Devices.use(device)) {
                run.work(helpers::areWanted);
            } finally {
                run.leave();
            }
        }
    }

    /** One computation. Guarded by its lock, except for the work itself. */
    private static final class Run<P, T> {
        private final int count;
        private final IntFunction<P> take;
        private final Function<P, T> work;
        private final Consumer<T> give;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private int taken;
        private int given;
        private int helping;
        private boolean isOver;
        private @Nullable Throwable failure;

        Run(int count, IntFunction<P> take, Function<P, T> work, Consumer<T> give) {
            this.count = count;
            this.take = take;
            this.work = work;
            this.give = give;
        }

        /** Lets a helper in, unless nothing is left to do. */
        boolean enter() {
            lock.lock();
            try {
                boolean in = !isOver && failure == null && taken < count;
                helping += in ? 1 : 0;
                return in;
            } finally {
                lock.unlock();
            }
        }

        void leave() {
            lock.lock();
            try {
                helping--;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        void work(BooleanSupplier leaves) {
            try {
                boolean stays = true;
                while (stays) {
                    int number;
                    P piece;
                    lock.lock();
                    try {
                        if (failure != null || taken == count) {
                            return;
                        }
                        number = taken++;
                        piece = take.apply(number);
                    } finally {
                        lock.unlock();
                    }
                    stays = give(number, work.apply(piece)) && !leaves.getAsBoolean();
                }
            } catch (Throwable failed) {
                fail(failed);
            }
        }

        /** Gives a result when its turn comes; returns false if the computation has failed. */
        private boolean give(int number, T result) {
            lock.lock();
            try {
                while (given < number && failure == null) {
                    changed.awaitUninterruptibly();
                }
                if (failure != null) {
                    return false;
                }
                give.accept(result);
                given++;
                changed.signalAll();
                return true;
            } finally {
                lock.unlock();
            }
        }

        private void fail(Throwable failed) {
            lock.lock();
            try {
                failure = failure == null ? failed : failure;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /** Waits until no helper works any more, and throws what failed. */
        void end() {
            lock.lock();
            try {
                while (helping > 0) {
                    changed.awaitUninterruptibly();
                }
                isOver = true;
                switch (failure) {
                    case null -> {}
                    case RuntimeException unchecked -> throw unchecked;
                    case Error error -> throw error;
                    default -> throw new IllegalStateException(failure);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}

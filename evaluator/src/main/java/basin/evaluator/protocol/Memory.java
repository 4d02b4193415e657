package basin.evaluator.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A least-recently-used cache that computes each value once, even if several threads request it at
 * the same time. A value must be a function of its key alone, so that results do not depend on what
 * is cached. All tasks request a checkpoint within minutes and then never again, so eviction is by
 * recency. A library's cache, which evicts by frequency, would reject new entries. Thread-safe.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
final class Memory<K, V> {
    private final Map<K, CompletableFuture<V>> made;

    /**
     * Creates an empty cache.
     *
     * @param max largest number of values kept
     */
    Memory(int max) {
        this.made = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, CompletableFuture<V>> eldest) {
                return size() > max;
            }
        };
    }

    /**
     * Returns the value of a key and computes it if it is not cached. Waits if another thread is
     * computing it.
     */
    V get(K key, Callable<V> maker) throws InterruptedException {
        CompletableFuture<V> own = new CompletableFuture<>();
        CompletableFuture<V> held;
        synchronized (made) {
            held = made.putIfAbsent(key, own);
        }
        if (held != null) {
            try {
                return held.get();
            } catch (ExecutionException failedThere) {
                // The other thread may only have been interrupted, so the value is computed again
                // here.
                return make(maker);
            }
        }
        try {
            V value = make(maker);
            own.complete(value);
            return value;
        } catch (InterruptedException | RuntimeException | Error e) {
            synchronized (made) {
                made.remove(key, own);
            }
            own.completeExceptionally(e);
            throw e;
        }
    }

    private V make(Callable<V> maker) throws InterruptedException {
        try {
            return maker.call();
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}

package basin.evaluator.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Remembers the most recently used of what was made, and makes each once though several threads ask at the same time.
 * What is made must be a function of its key alone: then it does not matter what is remembered. All tasks ask for a
 * checkpoint within minutes and then never again, so the order of use decides, and not the frequency, by which a
 * library's cache would turn newcomers away. Thread-safe.
 */
final class Memory<K, V> {
    private final Map<K, CompletableFuture<V>> made;

    /**
     * An empty memory.
     *
     * @param max how many values are remembered
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

    /** The value of that key, made where it is not remembered; a thread whose value another is making waits for it. */
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
                // Its maker may only have been interrupted; whether it fails here, too, is seen by making it.
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

package basin.network.engine;

import ai.djl.engine.Engine;
import basin.study.Shutdown;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The engine's native libraries, loaded at their first use, and what becomes of them at the end of
 * the process.
 *
 * <p>When a process exits, the C library destroys the static objects of all libraries. A thread
 * that still computes in the engine then reads destroyed objects, and the process crashes instead
 * of ending with its status. {@code System.exit}, a signal and {@code Runtime.halt} all end in the
 * C function {@code exit}, and no thread can be made to leave the engine. So the C library is told
 * to call {@code _exit} with the same status before it destroys anything. It runs such handlers
 * newest first, and the engine registers destructors when it is loaded and when it first uses some
 * object. Hence the handler is registered after the loading, and again as the last step of the
 * {@link Shutdown}; all that the JVM does at its end is done by then.
 *
 * <p>This takes {@code on_exit} of glibc. On macOS, whose C library lacks it, processes exit as
 * before. Thread-safe.
 */
final class NativeEngine {
    /** Longest time that the end of the process waits for an engine that is being loaded. */
    private static final Duration LOADING_LIMIT = Duration.ofSeconds(10);

    private static final ReentrantLock LOADING = new ReentrantLock();

    private NativeEngine() {}

    /** The engine, in a class of its own so that the end of the process does not wait for it. */
    private static final class Loaded {
        private static final Engine ENGINE = load();
    }

    /** Returns the engine. A process that ends does not begin to load it any more. */
    static Engine get() {
        return Loaded.ENGINE;
    }

    private static Engine load() {
        Shutdown.last(NativeEngine::end);
        LOADING.lock();
        try {
            return Engine.getEngine("PyTorch");
        } finally {
            skipDestructors();
            LOADING.unlock();
        }
    }

    /** Waits for the end of the loading, and keeps the lock, so that it does not begin again. */
    private static void end() {
        try {
            boolean _ = LOADING.tryLock(LOADING_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        skipDestructors();
    }

    @SuppressWarnings(
            "restricted") // The program starts with native access enabled, because the engine needs it anyway.
    private static void skipDestructors() {
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = linker.defaultLookup();
        Optional<MemorySegment> exit = library.find("_exit");
        library.find("on_exit").filter(found -> exit.isPresent()).ifPresent(onExit -> {
            try {
                int _ = (int) linker.downcallHandle(
                                onExit,
                                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS))
                        .invokeExact(exit.orElseThrow(), MemorySegment.NULL);
            } catch (Throwable failed) {
                throw new IllegalStateException("The end of the process could not be set up.", failed);
            }
        });
    }
}

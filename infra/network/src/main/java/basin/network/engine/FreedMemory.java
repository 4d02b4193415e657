package basin.network.engine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Native memory that is free but still with the process. The C library keeps what arrays of some
 * megabytes leave behind, in pieces that vectors as long as a large network's parameters cannot
 * use. Thread-safe.
 */
public final class FreedMemory {
    /** {@code malloc_trim} of glibc; empty where the C library lacks it. */
    private static final Optional<MethodHandle> TRIM = find();

    private FreedMemory() {}

    @SuppressWarnings(
            "restricted") // The program starts with native access enabled, because the engine needs it anyway.
    private static Optional<MethodHandle> find() {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("malloc_trim")
                .map(found -> linker.downcallHandle(
                        found, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)));
    }

    /** Gives free native memory back to the system, which takes some milliseconds. */
    public static void giveBack() {
        TRIM.ifPresent(trim -> {
            try {
                int _ = (int) trim.invokeExact(0L);
            } catch (Throwable failed) {
                throw new IllegalStateException("Native memory could not be given back.", failed);
            }
        });
    }
}

package basin.network.engine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;

/** The log of the engine's native code. */
final class EngineLog {
    /** The mangled name of {@code void c10::initLogging()}. */
    private static final String INIT = "_ZN3c1011initLoggingEv";

    private EngineLog() {}

    /**
     * Applies {@code TORCH_CPP_LOG_LEVEL} to the engine's log, which otherwise only the engine's
     * Python front end does. Users cannot fix the engine's warnings about its own bindings. Call it
     * after loading the engine. It does nothing if the engine lacks the function.
     */
    @SuppressWarnings(
            "restricted") // The program starts with native access enabled, because the engine needs it anyway.
    static void heedEnvironment() {
        SymbolLookup.loaderLookup().find(INIT).ifPresent(init -> {
            try {
                Linker.nativeLinker()
                        .downcallHandle(init, FunctionDescriptor.ofVoid())
                        .invokeExact();
            } catch (Throwable failed) {
                throw new IllegalStateException("The engine's log could not be set up.", failed);
            }
        });
    }
}

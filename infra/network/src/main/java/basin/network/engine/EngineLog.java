package basin.network.engine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;

/** The log of the engine's native part. */
final class EngineLog {
    /** {@code void c10::initLogging()}, as compilers name it. */
    private static final String INIT = "_ZN3c1011initLoggingEv";

    private EngineLog() {}

    /**
     * Lets it heed {@code TORCH_CPP_LOG_LEVEL}, which otherwise only the engine's Python front does: warnings about the engine's own
     * bindings are nothing that a user can mend. To be called once the engine is loaded; an engine without this function stays as it
     * is.
     */
    @SuppressWarnings("restricted") // The program starts with native access enabled, for the engine needs it anyway.
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

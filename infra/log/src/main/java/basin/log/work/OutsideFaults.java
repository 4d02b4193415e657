package basin.log.work;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Distinguishes temporary external faults from faults of the work item. External are a broker that
 * is unavailable, late or has no disk space left, I/O, and memory in use by others. Stateless;
 * thread-safe.
 */
final class OutsideFaults {
    /**
     * Messages of the tensor engine when memory is exhausted on a CPU or GPU; it has no exception
     * type for that.
     */
    private static final List<String> NO_NATIVE_MEMORY =
            List.of("can't allocate memory", "CUDA out of memory", "CUDA error: out of memory");

    private OutsideFaults() {}

    /** Returns whether the failure is external and may pass with time. */
    static boolean isOutside(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException || cause instanceof TimeoutException || isShortOfMemory(cause)) {
                return true;
            }
            // Jackson's exceptions extend IOException but are faults of the text.
            if (cause instanceof IOException && !(cause instanceof JacksonException)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether heap or native memory was exhausted. */
    static boolean isShortOfMemory(Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            return true;
        }
        String message = cause.getMessage();
        return message != null && NO_NATIVE_MEMORY.stream().anyMatch(message::contains);
    }
}

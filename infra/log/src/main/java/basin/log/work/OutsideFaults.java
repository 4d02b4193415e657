package basin.log.work;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Tells faults of what surrounds a work item, which pass, from faults of the work item: a broker that is away or has no disk left, input
 * and output, memory that others occupy. Stateless; safe for use by several threads.
 */
final class OutsideFaults {
    /** How the tensor engine says that there is no memory, on a CPU and on a GPU; it has no exception of its own for it. */
    private static final List<String> NO_NATIVE_MEMORY =
            List.of("can't allocate memory", "CUDA out of memory", "CUDA error: out of memory");

    private OutsideFaults() {}

    /** Whether waiting may mend this. */
    static boolean isOutside(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException || isShortOfMemory(cause)) {
                return true;
            }
            // Jackson's exceptions are input/output by descent, but a fault of the text.
            if (cause instanceof IOException && !(cause instanceof JacksonException)) {
                return true;
            }
        }
        return false;
    }

    /** Whether there was no memory for it, in the heap or outside. */
    static boolean isShortOfMemory(Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            return true;
        }
        String message = cause.getMessage();
        return message != null && NO_NATIVE_MEMORY.stream().anyMatch(message::contains);
    }
}

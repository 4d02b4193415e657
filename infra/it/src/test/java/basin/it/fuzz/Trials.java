package basin.it.fuzz;

import basin.record.MalformedEventException;
import basin.study.Refusal;
import com.sun.management.ThreadMXBean;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/**
 * Calls of a reader, each judged. A crash is an exception that is no refusal, an error of the JVM,
 * a refusal that is no sentence, more than {@value #CPU_SECONDS} s of processor time, or more than
 * {@value #MEGABYTES} MB of memory taken, also in parts. Not thread-safe.
 */
final class Trials implements AutoCloseable {
    /** The processor time of one call, in seconds; inputs have at most 64 KB. */
    private static final int CPU_SECONDS = 20;

    /** The memory that one call may take, in parts and together, in megabytes. */
    private static final int MEGABYTES = 2_000;

    private static final Pattern NO_SENTENCE =
            Pattern.compile("\\n|\\p{Cntrl}|\\b(?:java|javax|com\\.\\w+|org\\.\\w+|ai\\.djl)\\.\\w+|Exception\\b");
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final AtomicReference<Thread> thread = new AtomicReference<>();
    private ExecutorService worker = worker();

    /**
     * The outcome of a call.
     *
     * @param kind what the reader did, without the input's own words and numbers
     * @param crash what is wrong; empty if nothing is
     */
    record Outcome(String kind, Optional<String> crash) {}

    private ExecutorService worker() {
        return Executors.newSingleThreadExecutor(task -> {
            Thread own = Thread.ofPlatform().daemon().name("fuzz").unstarted(task);
            thread.set(own);
            return own;
        });
    }

    /** Calls a reader. */
    Outcome of(FuzzTarget target, byte[] input) throws InterruptedException {
        Future<Outcome> future = worker.submit(() -> measured(target, input));
        long begin = -1;
        while (true) {
            try {
                return future.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException still) {
                long used = THREADS.getThreadCpuTime(
                        Objects.requireNonNull(thread.get()).threadId());
                begin = begin < 0 ? used : begin;
                if (used - begin > TimeUnit.SECONDS.toNanos(CPU_SECONDS)) {
                    Outcome hangs =
                            new Outcome("hang", Optional.of("hangs:\n" + stack(Objects.requireNonNull(thread.get()))));
                    // The thread cannot be stopped, and ends with the process.
                    worker.shutdownNow();
                    worker = worker();
                    return hangs;
                }
            } catch (ExecutionException bug) {
                throw new IllegalStateException(bug);
            }
        }
    }

    private static String stack(Thread thread) {
        StringBuilder lines = new StringBuilder();
        for (StackTraceElement frame : thread.getStackTrace()) {
            lines.append("\tat ").append(frame).append('\n');
        }
        return lines.toString();
    }

    private static Outcome measured(FuzzTarget target, byte[] input) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Outcome outcome = called(target, input);
        long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
        return outcome.crash().isEmpty() && taken > MEGABYTES * 1_000_000L
                ? new Outcome("memory", Optional.of("takes " + taken / 1_000_000 + " MB, " + outcome.kind()))
                : outcome;
    }

    private static Outcome called(FuzzTarget target, byte[] input) {
        try {
            target.reader().read(input);
            return new Outcome("taken", Optional.empty());
        } catch (Refusal refused) {
            return refused(refused.sentences(), refused);
        } catch (MalformedEventException refused) {
            return refused(List.of(String.valueOf(refused.getMessage())), refused);
        } catch (Throwable crash) {
            StringWriter trace = new StringWriter();
            crash.printStackTrace(new PrintWriter(trace));
            return new Outcome(String.valueOf(crash), Optional.of(trace.toString()));
        }
    }

    private static Outcome refused(List<String> sentences, Exception refusal) {
        Optional<String> bad = sentences.stream()
                .filter(one -> one.isBlank() || NO_SENTENCE.matcher(one).find())
                .findFirst();
        String kind = String.join("\n", sentences)
                .replaceAll("'[^']*'|\"[^\"]*\"|[0-9]+|/\\S+|\\([^)]*\\)", "")
                .replaceAll(" is [^:]*:", "");
        return new Outcome(kind, bad.map(one -> {
            StackTraceElement[] trace = refusal.getStackTrace();
            return "is no sentence: " + one + "\n\tat " + (trace.length > 0 ? trace[0] : "");
        }));
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}

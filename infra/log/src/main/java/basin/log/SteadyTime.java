package basin.log;

import java.lang.reflect.Field;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.utils.Time;

/**
 * The clock of Kafka's clients and broker in this JVM: the wall clock at the start of the JVM,
 * advanced by the monotonic clock. Kafka measures timeouts, backoffs and poll durations by its
 * clock, and would stand still for an hour after the wall clock was set back by an hour, or give up
 * every call in progress after it was set forward.
 *
 * <p>Kafka's clients take no clock as an argument, so this one replaces the constant that they all
 * read. Thread-safe.
 */
public final class SteadyTime implements Time {
    private final long startMillis = System.currentTimeMillis();
    private final long startNanos = System.nanoTime();

    private SteadyTime() {}

    /**
     * Makes this clock Kafka's in this JVM, once; later calls have no effect.
     *
     * @throws IllegalStateException if the JVM does not permit it; see {@code
     *     infra/cli/jvm.options}
     */
    public static void install() {
        Installed.once();
    }

    /** Installs the clock when this class is initialised, which the JVM does once. */
    private static final class Installed {
        static {
            try {
                // Called by reflection, because the compiler warns of the class itself.
                Class<?> unsafe = Class.forName("sun.misc.Unsafe");
                Field instance = unsafe.getDeclaredField("theUnsafe");
                instance.setAccessible(true);
                Object memory = instance.get(null);
                Field clock = Time.class.getField("SYSTEM");
                unsafe.getMethod("putObjectVolatile", Object.class, long.class, Object.class)
                        .invoke(
                                memory,
                                unsafe.getMethod("staticFieldBase", Field.class).invoke(memory, clock),
                                unsafe.getMethod("staticFieldOffset", Field.class)
                                        .invoke(memory, clock),
                                new SteadyTime());
            } catch (ReflectiveOperationException refused) {
                throw new IllegalStateException("Kafka's clock cannot be replaced in this JVM.", refused);
            }
        }

        private Installed() {}

        static void once() {}
    }

    @Override
    public long milliseconds() {
        return startMillis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    @Override
    public long nanoseconds() {
        return System.nanoTime();
    }

    @Override
    public void sleep(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}

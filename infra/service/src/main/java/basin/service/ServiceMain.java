package basin.service;

import basin.log.KafkaEndpoint;
import basin.log.KafkaWait;
import basin.log.work.WorkSlots;
import basin.record.Topic;
import basin.study.Refusal;
import basin.study.Shutdown;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Runs a service in its own process: reads its settings, starts it, and shuts it down in order when
 * the process is terminated; its exit status is then 128 and the number of the signal, as of every
 * JVM: 143 for SIGTERM, 130 for SIGINT, 129 for SIGHUP. An invalid setting is reported as one
 * sentence on standard error, with exit status 2.
 */
public final class ServiceMain {
    /** Exit status if the settings were refused. */
    private static final int REFUSED = 2;

    private static final Duration NO_LIMIT = Duration.ofDays(3650);

    private ServiceMain() {}

    /** The start of a service, once its settings are read. */
    @FunctionalInterface
    public interface Body {
        /**
         * Starts the service and registers it with the process.
         *
         * @param owner receives an object that closes everything opened so far, as soon as there is
         *     anything to close; the process closes the last one received
         */
        void start(ServiceSettings settings, Consumer<AutoCloseable> owner);
    }

    /** Runs a worker service until the process is terminated. */
    public static void worker(String name, int port, WorkerService.Starter starter) {
        run(name, port, (settings, owner) -> {
            ServiceShell shell = ServiceShell.start(settings.http(), router -> {});
            owner.accept(shell);
            shell.require("log", () -> false);
            awaitTopics(settings.endpoint());
            WorkSlots slots = shell.owns(WorkSlots.of(settings.slots()));
            slots.bindTo(shell.metrics());
            WorkerService worker = shell.owns(starter.start(settings.endpoint(), slots, shell.metrics()));
            shell.require("log", worker::isReady);
            LoggerFactory.getLogger(ServiceMain.class)
                    .info(
                            "The service {} listens at {} and takes work from {}, {} work items at once.",
                            name,
                            shell.address(),
                            settings.endpoint().bootstrapServers(),
                            settings.slots());
        });
    }

    /** Waits without limit for Kafka and all of Basin's topics. */
    public static void awaitTopics(KafkaEndpoint endpoint) {
        try {
            KafkaWait.forTopics(
                    endpoint,
                    Arrays.stream(Topic.values()).map(Topic::topicName).toList(),
                    NO_LIMIT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for Kafka.", interrupted);
        } catch (TimeoutException afterYears) {
            throw new IllegalStateException(afterYears);
        }
    }

    /** Runs a service until the process is terminated. */
    public static void run(String name, int port, Body body) {
        CountDownLatch ended = new CountDownLatch(1);
        AtomicReference<AutoCloseable> newest = new AtomicReference<>();
        AtomicBoolean failed = new AtomicBoolean();
        Shutdown.Step _ = Shutdown.step(() -> {
            try {
                AutoCloseable service = newest.get();
                if (service != null) {
                    service.close();
                }
            } catch (Exception notClosed) {
                LoggerFactory.getLogger(ServiceMain.class).warn("The service {} did not close.", name, notClosed);
            }
            if (!failed.get()) {
                LoggerFactory.getLogger(ServiceMain.class).info("The service {} has ended.", name);
            }
            ended.countDown();
        });
        try {
            ServiceSettings settings = ServiceSettings.read(name, port, System.getenv());
            // Set before the first line is logged, because the settings file may change the format.
            System.setProperty("basin.log.format", settings.logFormat());
            System.setProperty("basin.log.work", "INFO");
            body.start(settings, newest::set);
            ended.await();
        } catch (Refusal refused) {
            failed.set(true);
            System.err.println("basin " + name + ": " + refused.getMessage());
            System.exit(REFUSED);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException notStarted) {
            if (Shutdown.hasBegun()) {
                return; // It was stopped while it started.
            }
            failed.set(true);
            LoggerFactory.getLogger(ServiceMain.class).error("The service {} did not start.", name, notStarted);
            System.exit(1);
        }
    }
}

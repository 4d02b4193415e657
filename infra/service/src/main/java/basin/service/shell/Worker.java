package basin.service.shell;

import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.WorkSlots;
import io.micrometer.core.instrument.MeterRegistry;

/** A service that takes work items. */
public interface Worker extends AutoCloseable {
    /** Whether it reads the record and Kafka answers. Neither blocks nor throws. */
    boolean isReady();

    /** Hands back the work in hand within 10 s. */
    @Override
    void close();

    /** Starts one. */
    @FunctionalInterface
    interface Starter {
        /**
         * Starts to take work.
         *
         * @param endpoint a Kafka with Basin's topics
         * @param slots bounds the work items at work in this JVM
         */
        Worker start(KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics);
    }
}

package basin.cli.pipeline;

import basin.aggregator.AggregatorService;
import basin.cli.broker.EmbeddedBroker;
import basin.evaluator.EvaluatorService;
import basin.flatness.FlatnessProbeService;
import basin.log.KafkaEndpoint;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.work.WorkSlots;
import basin.service.ServiceConfig;
import basin.study.Refusal;
import basin.trainer.TrainerService;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker and the four services in this JVM, connected only through Kafka on the loopback address.
 * Thread-safe.
 */
public final class LocalPipeline implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalPipeline.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final KafkaEndpoint endpoint;
    private final AggregatorService aggregator;

    private LocalPipeline(Path data, int port, int slots) {
        try {
            EmbeddedBroker broker = own(EmbeddedBroker.start(data));
            endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            aggregator = own(AggregatorService.start(ServiceConfig.onLoopback("aggregator", port), endpoint));
            MeterRegistry metrics = aggregator.metrics();
            WorkSlots shared = own(WorkSlots.of(slots));
            shared.bindTo(metrics);
            own(EvaluatorService.start(endpoint, shared, metrics));
            own(FlatnessProbeService.start(endpoint, shared, metrics));
            own(TrainerService.start(endpoint, shared, metrics));
        } catch (RuntimeException notStarted) {
            close();
            throw notStarted;
        }
    }

    /**
     * Starts the broker and the services.
     *
     * @param data the broker's folder; studies that it contains are continued
     * @param port of the page, 0 for any free one
     * @param slots number of concurrent work items
     * @throws Refusal if the port or the folder is not available
     */
    public static LocalPipeline start(Path data, int port, int slots) {
        return new LocalPipeline(data, port, slots);
    }

    private <T extends AutoCloseable> T own(T part) {
        parts.push(part);
        return part;
    }

    /** Returns the Kafka that connects the services. */
    public KafkaEndpoint endpoint() {
        return endpoint;
    }

    /** Returns the aggregator, which serves the page and the views. */
    public AggregatorService aggregator() {
        return aggregator;
    }

    /** Stops everything, the broker last. Work in progress is returned to its queue. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("A part of the pipeline did not close.", e);
            }
        }
    }
}

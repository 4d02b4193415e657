package basin.cli.broker;

import basin.log.SteadyTime;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.controller.Controller;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A Kafka controller and a broker that is its only one. Unlike Kafka's own server, it removes the
 * broker's registration before the broker registers: the only other broker of this id is the one
 * that ended before, and if it was killed, the controller would refuse the new one until the old
 * session lapses. So a session may be long, and a restart is nevertheless fast.
 */
final class KafkaServer implements AutoCloseable {
    private static final Duration ACTIVATION_LIMIT = Duration.ofMinutes(10);
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(10);

    private final ControllerServer controller;
    private final BrokerServer broker;

    private KafkaServer(ControllerServer controller, BrokerServer broker) {
        this.controller = controller;
        this.broker = broker;
    }

    /**
     * Starts both. Returns when the broker serves clients.
     *
     * @throws IllegalStateException if the controller does not start
     */
    static KafkaServer start(KafkaConfig config) {
        SteadyTime.install();
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> folders =
                KafkaRaftServer.initializeLogDirs(config, LoggerFactory.getLogger(KafkaRaftServer.class), "");
        Metrics metrics = Server.initializeMetrics(
                config, Time.SYSTEM, folders._1().clusterId().orElseThrow());
        QuorumConfig quorum = config.quorumConfig();
        SharedServer shared = new SharedServer(
                config,
                folders._1(),
                Time.SYSTEM,
                metrics,
                CompletableFuture.completedFuture(Map.of()),
                QuorumConfig.parseBootstrapServers(quorum.bootstrapServers()),
                new StandardFaultHandlerFactory(),
                ServerSocketFactory.INSTANCE);
        KafkaServer server = new KafkaServer(
                new ControllerServer(shared, KafkaRaftServer.configSchema(), folders._2()), new BrokerServer(shared));
        try {
            server.controller.startup();
            server.removeRegistration(config.nodeId());
            server.broker.startup();
            return server;
        } catch (RuntimeException | Error notStarted) {
            // Otherwise the controller would keep running and writing to the folder.
            try {
                server.close();
            } catch (RuntimeException notStopped) {
                notStarted.addSuppressed(notStopped);
            }
            throw notStarted;
        }
    }

    /** Removes a broker's registration, if there is one, as soon as the controller is active. */
    private void removeRegistration(int brokerId) {
        Controller active = controller.controller();
        ControllerRequestContext context =
                new ControllerRequestContext(new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());
        long begun = System.nanoTime();
        while (true) {
            try {
                active.unregisterBroker(context, brokerId).get();
                return;
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof BrokerIdNotRegisteredException) {
                    return;
                }
                if (!(failed.getCause() instanceof NotControllerException)
                        || System.nanoTime() - begun > ACTIVATION_LIMIT.toNanos()) {
                    throw new IllegalStateException("Kafka's controller did not start.", failed);
                }
                LockSupport.parkNanos(RETRY_INTERVAL.toNanos());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while Kafka's controller starts.", interrupted);
            }
        }
    }

    /** Stops the broker, then the controller, and waits for both. */
    @Override
    public void close() {
        broker.shutdown();
        controller.shutdown();
        broker.awaitShutdown();
        controller.awaitShutdown();
    }
}

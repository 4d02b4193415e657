package basin.cli.broker;

import basin.log.admin.ShareGroupSpec;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * Kafka's server properties for a single node on the loopback address that never deletes records.
 */
final class BrokerSettings {
    /** The id of the only node. */
    static final String NODE = "1";

    private static final String SETTINGS = """
        process.roles=broker,controller
        node.id={node}
        listeners=CLIENTS://127.0.0.1:{clients},CONTROLLER://127.0.0.1:{controller}
        advertised.listeners=CLIENTS://127.0.0.1:{clients},CONTROLLER://127.0.0.1:{controller}
        listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT
        inter.broker.listener.name=CLIENTS
        controller.listener.names=CONTROLLER
        controller.quorum.bootstrap.servers=127.0.0.1:{controller}
        auto.create.topics.enable=false

        # One replica, kept for ever
        default.replication.factor=1
        min.insync.replicas=1
        offsets.topic.replication.factor=1
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        log.retention.ms=-1
        log.retention.bytes=-1

        # A busy or suspended machine is waited out. No controller takes over from this one, so a
        # broker that is late must not be fenced; KafkaServer ends the session of a killed broker
        broker.session.timeout.ms=86400000
        broker.heartbeat.interval.ms=2000
        initial.broker.registration.timeout.ms=3600000
        offsets.commit.timeout.ms=60000
        share.coordinator.write.timeout.ms=60000
        log.message.timestamp.after.max.ms=9223372036854775807

        # Fast failover of work
        group.initial.rebalance.delay.ms=0
        group.share.heartbeat.interval.ms=1000
        group.share.min.heartbeat.interval.ms=1000
        group.share.assignment.interval.ms=0

        # Work queues
        group.share.delivery.count.limit={deliveries}
        group.share.max.delivery.count.limit={deliveries}
        group.share.record.lock.duration.ms={lock}

        # Small
        log.cleaner.dedupe.buffer.size=2097152
        offsets.topic.num.partitions=1
        share.coordinator.state.topic.num.partitions=1
        transaction.state.log.num.partitions=1
        log.index.size.max.bytes=2097152
        num.network.threads=2
        num.io.threads=4
        metric.reporters=
        """;

    private static final Ports ANY = new Ports(1, 2);

    private BrokerSettings() {}

    /**
     * Returns the server properties of a combined broker and controller.
     *
     * @param logs Kafka's log folder
     * @param ports ports to listen on, on 127.0.0.1 only
     * @param overrides properties that replace or extend the built-in ones
     */
    static Properties of(Path logs, Ports ports, Map<String, String> overrides) {
        Properties settings = on(ports);
        settings.setProperty("log.dirs", logs.toString());
        settings.putAll(overrides);
        return settings;
    }

    /** Returns the properties that decide on what a topic inherits, the same at every start. */
    static Properties ofTopics() {
        return on(ANY);
    }

    private static Properties on(Ports ports) {
        Properties settings = new Properties();
        try {
            settings.load(new StringReader(SETTINGS.replace("{clients}", Integer.toString(ports.clients()))
                    .replace("{controller}", Integer.toString(ports.controller()))
                    .replace("{node}", NODE)
                    .replace("{deliveries}", Integer.toString(ShareGroupSpec.DELIVERIES))
                    .replace("{lock}", Long.toString(ShareGroupSpec.LOCK.toMillis()))));
        } catch (IOException ofString) {
            throw new UncheckedIOException(ofString);
        }
        return settings;
    }
}

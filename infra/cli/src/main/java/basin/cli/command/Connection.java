package basin.cli.command;

import basin.log.KafkaEndpoint;
import basin.log.KafkaWait;
import basin.record.Topic;
import basin.service.ServiceSettings;
import basin.study.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Option;

/** Options that select the Kafka cluster of a running pipeline. */
@OptionHeading("If the record is in a Kafka cluster")
final class Connection {
    private static final List<String> TOPICS =
            Arrays.stream(Topic.values()).map(Topic::topicName).toList();

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Address of the cluster, several separated by commas; default: the environment variable"
                    + " BASIN_KAFKA_BOOTSTRAP.")
    private Optional<String> bootstrap = Optional.empty();

    @Option(
            names = "--client-config",
            paramLabel = "FILE",
            description = "Properties file of Kafka client settings; default: the environment variable"
                    + " BASIN_KAFKA_CLIENT_CONFIG.")
    private Optional<Path> clientConfig = Optional.empty();

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "How long to wait for the cluster and its topics; default: ${DEFAULT-VALUE}.")
    private Duration wait;

    /** Returns whether the command line gives the address. */
    boolean isGiven() {
        return bootstrap.isPresent();
    }

    /** Returns whether the command line or the environment gives the address. */
    boolean isKnown() {
        return address().isPresent();
    }

    private Optional<String> address() {
        return bootstrap.or(() -> Optional.ofNullable(System.getenv("BASIN_KAFKA_BOOTSTRAP")));
    }

    /** Returns the cluster. Its address must be known. */
    KafkaEndpoint endpoint() {
        String address = address().orElseThrow();
        Optional<Path> client = clientConfig.or(() ->
                Optional.ofNullable(System.getenv("BASIN_KAFKA_CLIENT_CONFIG")).map(Path::of));
        return ServiceSettings.endpoint(address, client, "--bootstrap");
    }

    /** Returns the given cluster once it answers. */
    KafkaEndpoint reachable(KafkaEndpoint endpoint) throws InterruptedException {
        return await(endpoint, List.of());
    }

    /** Returns the given cluster once it answers and has Basin's topics. */
    KafkaEndpoint ready(KafkaEndpoint endpoint) throws InterruptedException {
        return await(endpoint, TOPICS);
    }

    /**
     * Returns the given cluster once it answers and has Basin's topics, or has some of them still
     * when the time to wait is over.
     */
    KafkaEndpoint readable(KafkaEndpoint endpoint) throws InterruptedException {
        KafkaEndpoint answering = await(endpoint, List.of());
        try {
            return await(answering, TOPICS);
        } catch (Refusal lacking) {
            if (isThere(endpoint)) {
                return endpoint;
            }
            throw lacking;
        }
    }

    private static boolean isThere(KafkaEndpoint endpoint) {
        try {
            return !endpoint.topics(TOPICS).isEmpty();
        } catch (KafkaException away) {
            return false;
        }
    }

    private KafkaEndpoint await(KafkaEndpoint endpoint, Collection<String> topics) throws InterruptedException {
        try {
            KafkaWait.forTopics(endpoint, topics, wait);
            return endpoint;
        } catch (TimeoutException absent) {
            throw new Refusal(String.valueOf(absent.getMessage()));
        }
    }
}

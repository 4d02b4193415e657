package basin.it.kafka;

import basin.cli.broker.EmbeddedBroker;
import basin.log.KafkaEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Passes tests the endpoint of one broker that all test classes of this JVM share. It permits locks
 * of one second, Kafka's minimum. Tests use different topic names.
 */
public final class SharedBroker implements ParameterResolver {
    /** Settings of the tests' brokers that permit short locks. */
    public static final Map<String, String> SHORT_LOCKS = Map.of("group.share.min.record.lock.duration.ms", "1000");

    private record Running(Path folder, EmbeddedBroker broker) implements AutoCloseable {
        static Running start() {
            try {
                Path folder = Files.createTempDirectory("basin-broker-test");
                return new Running(folder, EmbeddedBroker.start(folder, SHORT_LOCKS));
            } catch (IOException noFolder) {
                throw new IllegalStateException(noFolder);
            }
        }

        @Override
        public void close() throws IOException {
            broker.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KafkaEndpoint.class;
    }

    @Override
    public KafkaEndpoint resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Running running = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedBroker.class))
                .computeIfAbsent(Running.class, _ -> Running.start(), Running.class);
        return KafkaEndpoint.of(running.broker().bootstrapServers());
    }
}

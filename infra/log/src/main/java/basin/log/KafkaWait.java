package basin.log;

import basin.study.Program;
import basin.study.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.security.auth.login.LoginException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a Kafka cluster that is still starting and for topics that do not exist yet, so that
 * services may start in any order.
 */
public final class KafkaWait {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWait.class);
    private static final Duration MIN_ANSWER_LIMIT = Duration.ofSeconds(5);
    private static final Duration MAX_ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);

    private final KafkaEndpoint endpoint;

    private KafkaWait(KafkaEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Waits until Kafka answers and has all given topics. Logs what it waits for.
     *
     * @param topics may be empty
     * @param max longest time to wait
     * @throws Refusal if Kafka refuses the login or its client refuses the settings; the message is
     *     one sentence
     * @throws TimeoutException if Kafka or a topic is not available in time; the message is one
     *     sentence
     */
    public static void forTopics(KafkaEndpoint endpoint, Collection<String> topics, Duration max)
            throws InterruptedException, TimeoutException {
        KafkaWait wait = new KafkaWait(endpoint);
        long begun = System.nanoTime();
        Duration nextMessage = Duration.ZERO;
        for (var reason = wait.missing(topics, max); reason.isPresent(); ) {
            Duration waited = Duration.ofNanos(System.nanoTime() - begun);
            if (waited.compareTo(max) > 0) {
                throw new TimeoutException(reason.get());
            }
            if (waited.compareTo(nextMessage) >= 0) {
                LOG.info("Waiting: {}", reason.get());
                nextMessage = waited.plus(LOG_INTERVAL);
            }
            TimeUnit.MILLISECONDS.sleep(RETRY_INTERVAL.toMillis());
            reason = wait.missing(topics, max.minus(waited));
        }
        if (!nextMessage.isZero()) {
            LOG.info("Kafka at {} is there, with all topics.", endpoint.bootstrapServers());
        }
    }

    /**
     * Returns what is missing now, in one sentence.
     *
     * @param left time left to wait, which limits the time for the answer
     */
    private Optional<String> missing(Collection<String> topics, Duration left) throws InterruptedException {
        try {
            TreeSet<String> missing = new TreeSet<>(topics);
            missing.removeAll(
                    topics(Math.clamp(left.toMillis(), MIN_ANSWER_LIMIT.toMillis(), MAX_ANSWER_LIMIT.toMillis())));
            return missing.isEmpty()
                    ? Optional.empty()
                    : Optional.of("Kafka at " + endpoint.bootstrapServers() + " lacks the topics "
                            + String.join(", ", missing) + ": make them with '" + Program.NAME + " topics --bootstrap "
                            + endpoint.bootstrapServers() + "'.");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof AuthenticationException
                    || failed.getCause() instanceof AuthorizationException) {
                throw new Refusal(
                        "Kafka at " + endpoint.bootstrapServers() + " refuses the login ("
                                + endpoint.withoutSecrets(
                                        String.valueOf(failed.getCause().getMessage()))
                                + "): mend the file of Kafka client settings.",
                        failed);
            }
            return Optional.of(unreachable(failed));
        } catch (KafkaException | TimeoutException notYet) {
            refuseSettings(notYet);
            return Optional.of(unreachable(notYet));
        }
    }

    /**
     * Refuses settings that Kafka's client rejects, because waiting does not help. An unresolvable
     * address is not refused, because it may resolve later.
     */
    private void refuseSettings(Exception failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            String said = String.valueOf(cause.getMessage());
            if (cause instanceof ConfigException && said.contains("bootstrap")) {
                return;
            }
            if (cause instanceof ConfigException
                    || cause instanceof IllegalArgumentException
                    || cause instanceof IOException
                    || cause instanceof LoginException) {
                throw new Refusal(
                        "The settings of the Kafka client are refused ("
                                + endpoint.withoutSecrets(said)
                                        .lines()
                                        .findFirst()
                                        .orElse("") + "): mend their file.",
                        failed);
            }
        }
    }

    private Set<String> topics(long limitMillis) throws InterruptedException, ExecutionException, TimeoutException {
        // A new client for each attempt, because creating one fails while a name cannot be
        // resolved.
        Map<String, Object> properties = endpoint.properties("wait");
        properties.put("default.api.timeout.ms", Long.toString(limitMillis));
        properties.put("request.timeout.ms", Long.toString(limitMillis));
        Admin admin = Admin.create(properties);
        try {
            return admin.listTopics().names().get(limitMillis, TimeUnit.MILLISECONDS);
        } finally {
            // Closed without waiting, because calls to a server other than Kafka would block far
            // beyond their limits.
            admin.close(Duration.ZERO);
        }
    }

    private String unreachable(Throwable reason) {
        LOG.debug("Kafka is away.", reason);
        return "Kafka at " + endpoint.bootstrapServers() + " does not answer: start it, or give another address.";
    }
}

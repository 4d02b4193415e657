package basin.cli;

import static basin.cli.Typed.basin;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tests what {@code --quiet} and {@code --verbose} show and leave out. */
@Isolated
class ConsoleLogTest {
    private static final String RECORD = "src/main/rehearsal";

    @AfterAll
    static void asItWas() {
        basin("studies");
    }

    private static boolean shows(String logger, Level level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Appender<ILoggingEvent> console =
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDERR");
        LoggingEvent line = new LoggingEvent("", context.getLogger(logger), level, "Something happens.", null, null);
        return console.getFilterChainDecision(line) != FilterReply.DENY;
    }

    @Test
    void whatKafkaLogsIsShownOnRequestOnly() {
        List<String> kafka =
                List.of("kafka.server.BrokerServer", "org.apache.kafka.clients.Metadata", "state.change.logger");
        basin("studies");
        assertThat(kafka).noneMatch(logger -> shows(logger, Level.ERROR));
        assertThat(shows("basin.trainer.TrainerService", Level.INFO)).isTrue();

        basin("studies", "--quiet");
        assertThat(kafka).noneMatch(logger -> shows(logger, Level.ERROR));
        assertThat(shows("basin.trainer.TrainerService", Level.WARN)).isFalse();
        assertThat(shows("basin.trainer.TrainerService", Level.ERROR)).isTrue();

        basin("studies", "--verbose");
        assertThat(kafka).allMatch(logger -> shows(logger, Level.WARN));
        assertThat(LoggerFactory.getLogger("basin.work").isInfoEnabled()).isTrue();
    }

    @Test
    void aQuietCommandPrintsItsResultAndNothingElse() {
        Typed usual = basin("rank", "--data", RECORD);
        assertThat(usual.error()).contains("records read");
        Typed quiet = basin("rank", "--data", RECORD, "-q");
        assertThat(quiet.error().lines()).allMatch(line -> line.startsWith("The record is "));
        assertThat(quiet.out()).isEqualTo(usual.out()).isNotEmpty();
        basin("rank", "--data", RECORD, "-q", "--level", "-1").refused("--level is -1.0");
    }
}

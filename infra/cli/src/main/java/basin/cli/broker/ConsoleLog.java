package basin.cli.broker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much of the log a command shows on standard error. What Kafka logs is shown only on request,
 * because it says nothing to those who read a study. One setting for the process. Thread-safe.
 */
public final class ConsoleLog {
    private static final List<String> OF_KAFKA = List.of("kafka.", "org.apache.kafka.", "state.change.logger");
    private static final AtomicBoolean INSTALLED = new AtomicBoolean();
    private static volatile Detail current = Detail.USUAL;

    private ConsoleLog() {}

    /** How much is shown. */
    public enum Detail {
        /** Errors of Basin. */
        QUIET,
        /** What Basin logs, without a line for each work item. */
        USUAL,
        /** All that is logged, with Kafka's lines. */
        VERBOSE
    }

    /** Sets how much of the log is shown from now on. */
    public static void show(Detail detail) {
        current = detail;
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        if (detail == Detail.VERBOSE) {
            context.getLogger("basin.work").setLevel(Level.INFO);
        }
        Appender<ILoggingEvent> console =
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDERR");
        if (console != null && INSTALLED.compareAndSet(false, true)) {
            Filter<ILoggingEvent> filter = new Shown();
            filter.setContext(context);
            filter.start();
            console.addFilter(filter);
        }
    }

    /** Returns whether Kafka's lines are shown. */
    static boolean showsKafka() {
        return current == Detail.VERBOSE;
    }

    private static final class Shown extends Filter<ILoggingEvent> {
        @Override
        public FilterReply decide(ILoggingEvent line) {
            boolean shown = switch (current) {
                case QUIET -> line.getLevel().isGreaterOrEqual(Level.ERROR) && !isOfKafka(line);
                case USUAL -> !isOfKafka(line);
                case VERBOSE -> true;
            };
            return shown ? FilterReply.NEUTRAL : FilterReply.DENY;
        }

        private static boolean isOfKafka(ILoggingEvent line) {
            return OF_KAFKA.stream().anyMatch(line.getLoggerName()::startsWith);
        }
    }
}

package basin.cli.broker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.SubstituteLoggerFactory;

/**
 * The part of the log that a command shows on standard error. Kafka's lines are shown on request,
 * because it says nothing to those who read a study. One setting for the process. Thread-safe.
 */
public final class ConsoleLog {
    private static final List<String> OF_KAFKA = List.of("kafka.", "org.apache.kafka.", "state.change.logger");
    private static final AtomicBoolean INSTALLED = new AtomicBoolean();
    private static volatile Detail current = Detail.USUAL;

    private ConsoleLog() {}

    /** The lines that are shown. */
    public enum Detail {
        /** Errors of Basin. */
        QUIET,
        /** Lines of Basin, without one for each work item. */
        USUAL,
        /** All that is logged, with Kafka's lines. */
        VERBOSE
    }

    /** Sets how much of the log is shown from now on. */
    public static void show(Detail detail) {
        current = detail;
        LoggerContext context = context();
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

    /** Returns the log's context, once a thread that is setting the log up has done so. */
    static LoggerContext context() {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        while (factory instanceof SubstituteLoggerFactory) {
            Thread.onSpinWait();
            factory = LoggerFactory.getILoggerFactory();
        }
        return (LoggerContext) factory;
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

package basin.cli.broker;

import basin.log.KafkaEndpoint;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;

/**
 * The file that receives the log lines of Kafka's broker and clients in this JVM instead of
 * standard error, because a study's reader has no use for them. At most three files of 10 MiB are
 * kept; with {@link ConsoleLog.Detail#VERBOSE} standard error shows the lines too. Of the waits for
 * Kafka that Basin logs, standard error shows one sentence, once.
 */
final class KafkaLog implements AutoCloseable {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(KafkaLog.class);
    private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %logger [%thread] %msg%n";
    private static final long FILE_BYTES = 10L << 20;
    private static final int OLD_FILES = 2;

    private final List<Logger> loggers;
    private final RollingFileAppender<ILoggingEvent> file;
    private final Notice notice;

    private KafkaLog(Path path) {
        LoggerContext context = ConsoleLog.context();
        Logger waits = context.getLogger(KafkaEndpoint.WAITS);
        this.loggers = List.of(
                context.getLogger("kafka"),
                context.getLogger("org.apache.kafka"),
                context.getLogger("state.change.logger"),
                waits);
        this.file = file(context, path.toString());
        this.notice = new Notice(path);
        notice.setContext(context);
        notice.start();
        loggers.forEach(logger -> {
            logger.addAppender(file);
            logger.setAdditive(ConsoleLog.showsKafka());
        });
        waits.addAppender(notice);
    }

    /** Starts to write to a file and its older ones, at the levels of the logging configuration. */
    static KafkaLog open(Path file) {
        return new KafkaLog(file);
    }

    private static RollingFileAppender<ILoggingEvent> file(LoggerContext context, String path) {
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setContext(context);
        file.setName(path);
        file.setFile(path);

        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        file.setEncoder(encoder);

        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(FILE_BYTES));
        size.start();
        file.setTriggeringPolicy(size);

        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(file);
        rolling.setFileNamePattern(path + ".%i");
        rolling.setMinIndex(1);
        rolling.setMaxIndex(OLD_FILES);
        rolling.start();
        file.setRollingPolicy(rolling);

        file.start();
        return file;
    }

    /** Writes to standard error again, unless another broker in this JVM still has a file. */
    @Override
    public void close() {
        for (Logger logger : loggers) {
            logger.detachAppender(file);
            logger.detachAppender(notice);
            logger.setAdditive(!logger.iteratorForAppenders().hasNext());
        }
        file.stop();
        notice.stop();
    }

    /** Reports the first wait. */
    private static final class Notice extends AppenderBase<ILoggingEvent> {
        private final Path path;
        private final AtomicBoolean given = new AtomicBoolean();

        Notice(Path path) {
            this.path = path;
        }

        @Override
        protected void append(ILoggingEvent wait) {
            if (given.compareAndSet(false, true)) {
                LOG.warn("Kafka answers late, as on a busy machine; the study waits for it. Details are in {}.", path);
            }
        }
    }
}

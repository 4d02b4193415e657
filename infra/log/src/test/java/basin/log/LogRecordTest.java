package basin.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import basin.record.Event;
import basin.record.EventCodec;
import basin.record.MalformedEventException;
import basin.record.Topic;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests that an event is taken only from its own topic and under its own key. */
class LogRecordTest {
    private static final String RUN = "0123456789abcdef";
    private static final Event FAILED = new Event.RunFailed(RUN, 7, "The loss is not a number.");

    private static LogRecord record(String topic, String key) {
        return new LogRecord(new LogPosition(topic, 0, 1), key, EventCodec.encode(FAILED), false, Map.of(), 0);
    }

    @Test
    void anEventIsTakenFromItsOwnTopicAndKey() throws MalformedEventException {
        LogRecord record = record(FAILED.topic().topicName(), RUN);
        assertThat(record.decode()).isEqualTo(FAILED);
        assertThat(record.event()).contains(FAILED);
    }

    @Test
    void anEventUnderAnotherKeyIsMalformed() {
        LogRecord record = record(FAILED.topic().topicName(), "fedcba\u001b9876543210");
        assertThatExceptionOfType(MalformedEventException.class)
                .isThrownBy(record::decode)
                .withMessage("the record's key is 'fedcba\\u001b9876543210', and the event's is '" + RUN + "'");
        assertThat(record.event()).isEmpty();
        assertThat(record(FAILED.topic().topicName(), "").event()).isEmpty();
    }

    @Test
    void anEventInAnotherTopicIsMalformed() {
        LogRecord record = record(Topic.STUDY.topicName(), RUN);
        assertThatExceptionOfType(MalformedEventException.class)
                .isThrownBy(record::decode)
                .withMessage("the record is in the topic " + Topic.STUDY.topicName() + ", and the event belongs in "
                        + FAILED.topic().topicName());
        assertThat(record.event()).isEmpty();
    }
}

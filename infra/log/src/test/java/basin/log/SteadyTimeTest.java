package basin.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

class SteadyTimeTest {

    @Test
    void anEndpointMakesItTheClockOfKafkasClients() {
        long now = System.currentTimeMillis();
        KafkaEndpoint endpoint = KafkaEndpoint.of("127.0.0.1:9092");
        assertThat(endpoint.properties("clock")).isNotEmpty();
        assertThat(Time.SYSTEM).isInstanceOf(SteadyTime.class);
        assertThat(Time.SYSTEM.milliseconds())
                .isCloseTo(now, within(Duration.ofHours(1).toMillis()));
    }
}

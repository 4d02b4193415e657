package basin.log.blob;

import static org.assertj.core.api.Assertions.assertThat;

import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.study.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that false sizes cannot exhaust memory and that secrets are hidden. */
class LimitsTest {
    private static LogRecord chunk(String index, String count, String bytes, byte[] value) {
        return new LogRecord(
                new LogPosition("weights", 0, 1),
                "blob",
                value,
                false,
                Map.of(
                        "basin_chunk_of", "blob",
                        "basin_chunk_index", index,
                        "basin_chunk_count", count,
                        "basin_chunk_of_bytes", bytes,
                        "basin_chunk_of_sha256", "0".repeat(64)),
                0);
    }

    @ParameterizedTest
    @CsvSource({"0,1,-1", "-1,1,10", "1,1,10", "0,0,10", "0,2000000,10", "0,99999999999,10", "0,1,many"})
    void aChunkThatCannotBeIsNone(String index, String count, String bytes) {
        assertThat(Chunk.of(chunk(index, count, bytes, new byte[1]))).isEmpty();
    }

    @Test
    void moreThanWasSpokenOfIsNotKept() {
        BlobAssembler assembler = new BlobAssembler("blob", "0".repeat(64), 3, 10);
        for (String index : new String[] {"0", "1", "2"}) {
            LogRecord record = chunk(index, "3", "10", new byte[6]);
            assembler.take(Chunk.of(record).orElseThrow(), record);
        }
        assertThat(assembler.isComplete()).isFalse();
        assertThat(assembler.assemble())
                .isInstanceOfSatisfying(
                        BlobRead.Refused.class,
                        refused -> assertThat(refused.reason())
                                .contains("hold more than the 10 bytes that they speak of"));
    }

    @Test
    void aChunkThatComesTwiceCountsOnce() {
        byte[] whole = "0123456789".getBytes(StandardCharsets.UTF_8);
        BlobAssembler assembler = new BlobAssembler("blob", Sha256.hex(whole), 1, whole.length);
        LogRecord record = chunk("0", "1", "10", whole);
        assembler.take(Chunk.of(record).orElseThrow(), record);
        assembler.take(Chunk.of(record).orElseThrow(), record);
        assertThat(assembler.assemble()).isInstanceOf(BlobRead.Found.class);
    }

    @Test
    void secretsAreTakenOutOfWhatClientsSay() {
        KafkaEndpoint endpoint = new KafkaEndpoint(
                "kafka:9092",
                Map.of(
                        "sasl.jaas.config", "Module required username=\"basin\" password=\"s3cret-word\";",
                        "ssl.key.password", "hunter22",
                        "sasl.mechanism", "PLAIN"));
        assertThat(endpoint.toString())
                .contains("kafka:9092", "sasl.jaas.config", "sasl.mechanism")
                .doesNotContain("s3cret")
                .doesNotContain("hunter22");
        assertThat(endpoint.withoutSecrets("PLAIN: s3cret-word and hunter22 are wrong"))
                .isEqualTo("PLAIN: [hidden] and [hidden] are wrong");
    }
}

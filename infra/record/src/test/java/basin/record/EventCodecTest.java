package basin.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.study.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The JSON form of events: round trips, released forms, and refusals. */
class EventCodecTest {
    static List<Event> samples() {
        return SampleEvents.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void anEventComesBackAsItWas(Event event) throws MalformedEventException {
        Event read = EventCodec.decode(EventCodec.encode(event));
        assertThat(read).isEqualTo(event);
        assertThat(read.id()).isEqualTo(event.id()).matches("[0-9a-f]{32}");
        assertThat(EventCodec.encode(read)).isEqualTo(EventCodec.encode(event));
    }

    @Test
    void everyTypeIsAmongTheSamples() {
        assertThat(samples())
                .extracting(event -> (Object) event.getClass())
                .containsAll(records(Event.class).toList());
        assertThat(samples()).extracting(Event::id).doesNotHaveDuplicates();
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Arrays.stream(type.getPermittedSubclasses()).flatMap(EventCodecTest::records);
    }

    /**
     * With {@code -Dbasin.golden=write} the files are written instead, which is forbidden for a
     * released form.
     */
    @Test
    void theFormThatWasWrittenOnceCanBeReadForEver() throws IOException, MalformedEventException {
        if ("write".equals(System.getProperty("basin.golden"))) {
            write("events-v1.jsonl", samples().subList(0, SampleEvents.released()));
            write(
                    "events-v1-added.jsonl",
                    samples().subList(SampleEvents.released(), samples().size()));
            return;
        }
        List<String> golden = golden().toList();
        List<Event> events = samples();
        assertThat(golden).hasSameSizeAs(events);
        for (int i = 0; i < golden.size(); i++) {
            byte[] bytes = golden.get(i).getBytes(StandardCharsets.UTF_8);
            assertThat(EventCodec.decode(bytes)).isEqualTo(events.get(i));
            assertThat(new String(EventCodec.encode(events.get(i)), StandardCharsets.UTF_8))
                    .as("today's form of %s: a new form takes a new schema version and golden file", events.get(i))
                    .isEqualTo(golden.get(i));
        }
    }

    @Test
    void theFilesTellWhatCameWhen() throws IOException {
        assertThat(lines("events-v1.jsonl")).hasSize(SampleEvents.released());
    }

    @Test
    void fieldsThatAreNotKnownAreIgnored() throws IOException, MalformedEventException {
        for (String line : golden().toList()) {
            String more = line.replaceFirst("\\{", "{\"aFieldOfTomorrow\":{\"deep\":[1,2]},");
            assertThat(EventCodec.decode(more.getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(EventCodec.decode(line.getBytes(StandardCharsets.UTF_8)));
            // The type is the outermost one, whatever stands last.
            String last = line.replaceFirst("}$", ",\"zzz\":{\"type\":\"LossMeasured\"}}");
            assertThat(EventCodec.decode(last.getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(EventCodec.decode(line.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not json | cannot be read",
                "[] | no JSON object",
                "{} | schema is",
                "{\"schema\":2,\"type\":\"RunFailed\"} | and this program reads 1 to 1",
                "{\"schema\":1,\"type\":\"RunSucceeded\"} | 'RunSucceeded'",
                "{\"schema\":1,\"type\":\"RunFailed\",\"runId\":\"r\",\"step\":1} | 'reason' is missing",
                "{\"schema\":1,\"type\":\"RunFailed\",\"runId\":\"r\",\"step\":null,\"reason\":\"x\"} | step",
                "{\"schema\":1,\"type\":\"RunFailed\",\"runId\":\"r\",\"step\":-7,\"reason\":\"x\"} | step is -7: give"
                        + " a whole number",
                "{\"schema\":1,\"type\":\"RunFailed\",\"runId\":\"<r>\",\"step\":1,\"reason\":\"x\"} | runId is '<r>':"
                        + " give 1 to 128 letters",
                "{\"schema\":1,\"type\":\"RunFinished\",\"runId\":\"\",\"step\":1,\"tokens\":1,\"checkpoints\":1} |"
                        + " runId is ''",
            })
    void whatIsNoEventIsRefusedInOneSentence(String text, String expected) {
        assertThatThrownBy(() -> EventCodec.decode(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining(expected)
                .message()
                .doesNotContain("\n")
                .doesNotContain("com.fasterxml");
    }

    @Test
    void bytesInAnotherEncodingAreNoEvent() {
        byte[] beyondUnicode = {0, 0, 0, '{', 0x31, (byte) 0xff, 0, 0};
        String text = "{\"schema\":1,\"type\":\"RunFinished\"}";
        for (byte[] bytes : List.of(
                text.getBytes(StandardCharsets.UTF_16),
                text.getBytes(StandardCharsets.UTF_16LE),
                text.getBytes(Charset.forName("UTF-32")),
                beyondUnicode)) {
            assertThatThrownBy(() -> EventCodec.decode(bytes)).isInstanceOf(MalformedEventException.class);
            assertThatThrownBy(() -> Json.mapper().readTree(bytes)).isInstanceOf(JsonProcessingException.class);
        }
    }

    @Test
    void whatIsTooLongIsRefusedUnread() {
        assertThatThrownBy(() -> EventCodec.decode(new byte[Json.MAX_CHARACTERS + 1]))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("is longer than");
    }

    @Test
    void whatNestsTooDeepOrHoldsTooLongAStringIsRefused() {
        for (String more : List.of("[".repeat(200) + "]".repeat(200), '"' + "x".repeat(700_000) + '"')) {
            String text = "{\"schema\":1,\"type\":\"RunFailed\",\"more\":" + more + "}";
            assertThatThrownBy(() -> EventCodec.decode(text.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(MalformedEventException.class)
                    .hasMessageContaining("cannot be read")
                    .message()
                    .doesNotContain("\n");
        }
    }

    /** The first release's forms, then those added to its schema since. */
    private static Stream<String> golden() throws IOException {
        return Stream.concat(lines("events-v1.jsonl"), lines("events-v1-added.jsonl"));
    }

    private static void write(String file, List<Event> events) throws IOException {
        StringBuilder lines = new StringBuilder();
        events.forEach(event -> lines.append(new String(EventCodec.encode(event), StandardCharsets.UTF_8))
                .append('\n'));
        Files.writeString(Path.of("src/test/resources/basin/record", file), lines);
    }

    private static Stream<String> lines(String file) throws IOException {
        try (InputStream in = EventCodecTest.class.getResourceAsStream(file)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8).lines();
        }
    }
}

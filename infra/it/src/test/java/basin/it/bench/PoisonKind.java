package basin.it.bench;

import basin.record.Event;
import basin.record.EventCodec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Ways in which a record can be no event. */
enum PoisonKind {
    /** No bytes at all. */
    EMPTY,
    /** Bytes that are no text. */
    NOISE,
    /** The first half of an event. */
    CUT_SHORT,
    /** JSON, but no object. */
    ARRAY,
    /** A type that no program knows. */
    UNKNOWN_TYPE,
    /** A schema that is yet to come. */
    SCHEMA_TO_COME,
    /** A field is missing. */
    FIELD_MISSING,
    /** A number out of its range. */
    OUT_OF_RANGE,
    /** Brackets within brackets, deeper than anybody needs. */
    TOO_DEEP,
    /** A number of more digits than anybody needs. */
    TOO_LONG;

    private static final int NOISE_BYTES = 300;
    private static final int DEPTH = 500;
    private static final int DIGITS = 2000;

    /** A record's value of this kind, made from an event that has steps. */
    byte[] of(Event event, SplittableRandom random) {
        byte[] good = EventCodec.encode(event);
        String text = new String(good, StandardCharsets.UTF_8);
        return switch (this) {
            case EMPTY -> new byte[0];
            case NOISE -> {
                byte[] noise = new byte[NOISE_BYTES];
                random.nextBytes(noise);
                yield noise;
            }
            case CUT_SHORT -> Arrays.copyOf(good, good.length / 2);
            case ARRAY -> bytes("[" + text + "]");
            case UNKNOWN_TYPE -> bytes(text.replaceFirst("\"type\":\"[A-Za-z]+\"", "\"type\":\"WeatherMeasured\""));
            case SCHEMA_TO_COME -> bytes(text.replaceFirst("\"schema\":[0-9]+", "\"schema\":999"));
            case FIELD_MISSING -> bytes(text.replaceFirst("\"runId\":\"[0-9a-f]+\",?", ""));
            case OUT_OF_RANGE -> bytes(text.replaceFirst("\"step\":[0-9]+", "\"step\":-7"));
            case TOO_DEEP -> bytes("{\"schema\":1,\"type\":" + "[".repeat(DEPTH));
            case TOO_LONG -> bytes(text.replaceFirst("\"step\":[0-9]+", "\"step\":" + "7".repeat(DIGITS)));
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package basin.it.bench;

import basin.record.Event;
import basin.record.EventCodec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Kinds of records that are not valid events. */
enum PoisonKind {
    /** No bytes. */
    EMPTY,
    /** Bytes that are not text. */
    NOISE,
    /** The first half of an event. */
    CUT_SHORT,
    /** JSON, but not an object. */
    ARRAY,
    /** An unknown type. */
    UNKNOWN_TYPE,
    /** A future schema version. */
    SCHEMA_TO_COME,
    /** A missing field. */
    FIELD_MISSING,
    /** A number outside its range. */
    OUT_OF_RANGE,
    /** Brackets that are nested too deeply. */
    TOO_DEEP,
    /** A number with too many digits. */
    TOO_LONG;

    private static final int NOISE_BYTES = 300;
    private static final int DEPTH = 500;
    private static final int DIGITS = 2000;

    /** Returns the value of a record of this kind, made from an event that has steps. */
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

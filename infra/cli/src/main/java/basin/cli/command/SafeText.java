package basin.cli.command;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Text from outside as a terminal may be shown it: nothing in it moves the cursor, colours, or hides. */
final class SafeText {
    private static final int BYTES_OF_HEX = 256;

    private SafeText() {}

    /** One line of at most so many characters, with what cannot be printed written out as in {@code \u001b}. */
    static String line(String text, int most) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(most).forEach(point -> {
            if (isPlain(point)) {
                shown.appendCodePoint(point);
            } else if (point <= 0xffff) {
                shown.append(String.format("\\u%04x", point));
            } else {
                shown.append(String.format("\\U%08x", point));
            }
        });
        return text.codePointCount(0, text.length()) > most ? shown + "…" : shown.toString();
    }

    private static boolean isPlain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** Bytes as text where they are UTF-8, else their beginning in hexadecimal digits; at most so many characters. */
    static String bytes(byte[] bytes, int most) {
        return utf8(bytes).map(text -> line(text, most)).orElseGet(() -> {
            byte[] first = Arrays.copyOf(bytes, Math.min(bytes.length, BYTES_OF_HEX));
            return "hex " + HexFormat.of().formatHex(first) + (bytes.length > BYTES_OF_HEX ? "…" : "");
        });
    }

    private static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException binary) {
            return Optional.empty();
        }
    }
}

package basin.cli.command;

import basin.log.LogRecord;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text from outside as a terminal may be shown it: nothing in it moves the cursor, colours, or hides. */
final class SafeText {
    private static final int BYTES_OF_HEX = 256;

    /** Control and format characters, surrogates, private use, unassigned, and separators of lines and paragraphs. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private SafeText() {}

    /** One line of at most so many characters, with what cannot be printed written out as in {@code \u001b}. */
    static String line(String text, int max) {
        int end = text.offsetByCodePoints(0, Math.min(max, text.codePointCount(0, text.length())));
        String shown = UNPRINTABLE.matcher(text.substring(0, end)).replaceAll(found -> {
            int point = found.group().codePointAt(0);
            return Matcher.quoteReplacement(String.format(point <= 0xffff ? "\\u%04x" : "\\U%08x", point));
        });
        return end < text.length() ? shown + "…" : shown;
    }

    /** A record's value as text where it is UTF-8, else its beginning in hexadecimal digits; at most so many characters. */
    static String value(LogRecord record, int max) {
        return record.utf8().map(text -> line(text, max)).orElseGet(() -> {
            byte[] bytes = record.value();
            byte[] first = Arrays.copyOf(bytes, Math.min(bytes.length, BYTES_OF_HEX));
            return "hex " + HexFormat.of().formatHex(first) + (bytes.length > BYTES_OF_HEX ? "…" : "");
        });
    }
}

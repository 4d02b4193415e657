package basin.cli.command;

import basin.log.LogRecord;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Untrusted text made safe for a terminal: it cannot move the cursor, change colours or hide text.
 */
final class SafeText {
    private static final int BYTES_OF_HEX = 256;

    /**
     * Control and format characters, surrogates, private use, unassigned, and line and paragraph
     * separators.
     */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private SafeText() {}

    /**
     * Returns the text as one line of at most {@code max} code points of the original; unprintable
     * characters are escaped, as in {@code \u001b}.
     */
    static String line(String text, int max) {
        int end = text.offsetByCodePoints(0, Math.min(max, text.codePointCount(0, text.length())));
        String shown = UNPRINTABLE.matcher(text.substring(0, end)).replaceAll(found -> {
            int point = found.group().codePointAt(0);
            return Matcher.quoteReplacement(String.format(point <= 0xffff ? "\\u%04x" : "\\U%08x", point));
        });
        return end < text.length() ? shown + "…" : shown;
    }

    /**
     * Returns a record's value as text of at most {@code max} characters if it is UTF-8, otherwise
     * the hexadecimal digits of its first bytes.
     */
    static String value(LogRecord record, int max) {
        return record.utf8().map(text -> line(text, max)).orElseGet(() -> {
            byte[] bytes = record.value();
            byte[] first = Arrays.copyOf(bytes, Math.min(bytes.length, BYTES_OF_HEX));
            return "hex " + HexFormat.of().formatHex(first) + (bytes.length > BYTES_OF_HEX ? "…" : "");
        });
    }
}

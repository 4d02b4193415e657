package basin.study;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Untrusted text made safe for a terminal and a log: it cannot move the cursor, change colours,
 * begin another line or hide text. Thread-safe.
 */
public final class SafeText {
    /** The longest sentence of a refusal, in code points. */
    public static final int MAX_SENTENCE = 4_000;

    /** The code points at the end of a sentence, which hold the fix and so are never cut. */
    private static final int END_OF_SENTENCE = 1_000;

    private static final String CUT = "…";

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
    public static String line(String text, int max) {
        int end = text.offsetByCodePoints(0, Math.min(max, text.codePointCount(0, text.length())));
        return escaped(text.substring(0, end)) + (end < text.length() ? CUT : "");
    }

    /**
     * Returns a sentence as one line, escaped as {@link #line} does. What exceeds {@value
     * #MAX_SENTENCE} code points, such as a value that is a whole file, is cut out of its middle.
     */
    public static String sentence(String text) {
        int points = text.codePointCount(0, text.length());
        if (points <= MAX_SENTENCE) {
            return escaped(text);
        }
        int begin = text.offsetByCodePoints(0, MAX_SENTENCE - END_OF_SENTENCE);
        int end = text.offsetByCodePoints(0, points - END_OF_SENTENCE);
        return escaped(text.substring(0, begin)) + CUT + escaped(text.substring(end));
    }

    private static String escaped(String text) {
        return UNPRINTABLE.matcher(text).replaceAll(found -> {
            int point = found.group().codePointAt(0);
            return Matcher.quoteReplacement(String.format(point <= 0xffff ? "\\u%04x" : "\\U%08x", point));
        });
    }
}

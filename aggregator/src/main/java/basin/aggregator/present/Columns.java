package basin.aggregator.present;

import java.util.ArrayList;
import java.util.List;

/**
 * Text measured in the columns of a terminal, where a Chinese character or an emoji takes two and a
 * combining accent none. Widths come from the JDK's Unicode tables; where terminals differ, the
 * larger width counts, so that no line is wider than asked for. Pure functions.
 */
public final class Columns {
    private static final String CUT = "…";

    private Columns() {}

    /** Returns the number of columns that a text takes. */
    public static int width(String text) {
        return text.codePoints().map(Columns::width).sum();
    }

    private static int width(int point) {
        return switch (Character.getType(point)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(point) ? 2 : 1;
        };
    }

    private static boolean isWide(int point) {
        if (point < 0x1100) {
            return false;
        }
        return Character.isIdeographic(point)
                || Character.isEmojiPresentation(point)
                || isFullwidth(point)
                || switch (Character.UnicodeScript.of(point)) {
                    case HANGUL, HIRAGANA, KATAKANA, BOPOMOFO, YI, HAN -> true;
                    default -> false;
                };
    }

    /** Returns whether a code point is CJK punctuation or a full-width form of another one. */
    private static boolean isFullwidth(int point) {
        return (point >= 0x2e80 && point <= 0x303e)
                || (point >= 0x3190 && point <= 0x33ff)
                || (point >= 0xfe30 && point <= 0xfe6b)
                || (point >= 0xff01 && point <= 0xff60)
                || (point >= 0xffe0 && point <= 0xffe6);
    }

    /** Returns the text, or as much of its beginning as fits, with an ellipsis at the end. */
    public static String cut(String text, int columns) {
        return width(text) <= columns ? text : beginning(text, columns - 1) + (columns > 0 ? CUT : "");
    }

    /**
     * Returns the text, or its beginning and its end with an ellipsis between them, because the end
     * of a run's label is what tells it from its neighbour.
     */
    public static String shorten(String text, int columns) {
        if (width(text) <= columns || columns < 3) {
            return cut(text, columns);
        }
        int end = (columns - 1) / 2;
        return beginning(text, columns - 1 - end) + CUT + end(text, end);
    }

    /** Returns the text with spaces behind it, at least as wide as asked for. */
    public static String pad(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - width(text)));
    }

    /**
     * Returns the words of a text in lines that fit. A word that is wider than a line, such as a
     * path, has a line of its own and is not broken.
     */
    public static List<String> wrap(String text, int columns) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        // A no-break space is no space here, so a number keeps its unit.
        for (String word : text.strip().split(" +")) {
            if (!line.isEmpty() && width(line.toString()) + 1 + width(word) > columns) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static String beginning(String text, int columns) {
        int taken = 0;
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            taken += width(point);
            if (taken > columns) {
                break;
            }
            at += Character.charCount(point);
        }
        return text.substring(0, at);
    }

    private static String end(String text, int columns) {
        int taken = 0;
        int at = text.length();
        while (at > 0) {
            int point = text.codePointBefore(at);
            taken += width(point);
            if (taken > columns) {
                break;
            }
            at -= Character.charCount(point);
        }
        // A combining mark does not begin a text.
        while (at < text.length() && width(text.codePointAt(at)) == 0) {
            at += Character.charCount(text.codePointAt(at));
        }
        return text.substring(at);
    }
}

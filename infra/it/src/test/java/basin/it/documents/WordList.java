package basin.it.documents;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The phrases that no text for users may have, each with a better one. A line of the list is a
 * regular expression, a bar and the better words; a space stands for any white space, and lines
 * that begin with a number sign are comments.
 */
final class WordList {
    private record Phrase(Pattern pattern, String better) {}

    /** A text with the number of its first line. */
    record Passage(String text, int line) {}

    private final List<Phrase> phrases;

    private WordList(List<Phrase> phrases) {
        this.phrases = phrases;
    }

    static WordList of(String list) {
        return new WordList(list.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> {
                    int bar = line.lastIndexOf('|');
                    String pattern = line.substring(0, bar).strip().replace(" ", "\\s+");
                    return new Phrase(
                            Pattern.compile("(?<!\\w)(?:" + pattern + ")(?!\\w)", Pattern.CASE_INSENSITIVE),
                            line.substring(bar + 1).strip());
                })
                .toList());
    }

    /** Returns a sentence for each forbidden phrase, with file and line. */
    List<String> faults(String file, List<Passage> passages) {
        List<String> faults = new ArrayList<>();
        for (Passage passage : passages) {
            for (Phrase phrase : phrases) {
                for (MatchResult found :
                        phrase.pattern.matcher(passage.text()).results().toList()) {
                    long line = passage.line()
                            + passage.text()
                                    .substring(0, found.start())
                                    .chars()
                                    .filter(c -> c == '\n')
                                    .count();
                    faults.add(file + ":" + line + ": “" + found.group().replaceAll("\\s+", " ") + "”: say “"
                            + phrase.better + "”");
                }
            }
        }
        return faults;
    }

    /** Returns a page's sentences, without fenced blocks. */
    static List<Passage> ofPage(Page page) {
        return List.of(new Passage(String.join("\n", page.prose()), 1));
    }

    /**
     * Returns the strings of a Java source. Literals that are added to one another are one string;
     * expressions between them are left out.
     */
    static List<Passage> ofJava(String source) {
        List<Passage> strings = new ArrayList<>();
        Pattern literal = Pattern.compile("\"\"\"(?s:(.*?))\"\"\"|\"((?:[^\"\\\\\n]|\\\\.)*)\"|'(?:[^'\\\\]|\\\\.)+'"
                + "|//[^\n]*|/\\*(?s:.*?)\\*/");
        int line = 1;
        int at = 0;
        int end = 0;
        for (MatchResult found : literal.matcher(source).results().toList()) {
            line += (int) source.substring(at, found.start())
                    .chars()
                    .filter(c -> c == '\n')
                    .count();
            at = found.start();
            String text = Stream.of(1, 2)
                    .map(found::group)
                    .filter(group -> group != null)
                    .findFirst()
                    .orElse(null);
            if (text == null) {
                continue;
            }
            boolean joined =
                    !strings.isEmpty() && source.substring(end, found.start()).matches("\\s*\\+\\s*");
            if (joined) {
                Passage before = strings.removeLast();
                String breaks = "\n".repeat((int) source.substring(end, found.start())
                        .chars()
                        .filter(c -> c == '\n')
                        .count());
                // A break inside a word would hide it, so breaks follow the first space or the end.
                strings.add(new Passage(before.text() + joinedWith(breaks, text), before.line()));
            } else {
                strings.add(new Passage(text, line));
            }
            end = found.end();
        }
        return strings;
    }

    private static String joinedWith(String breaks, String text) {
        int space = text.indexOf(' ');
        return space < 0 ? text + breaks : text.substring(0, space) + breaks + text.substring(space);
    }
}

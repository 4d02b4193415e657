package basin.network.folder;

import basin.study.Refusal;
import basin.study.file.Utf8Files;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A text whose lines are a model's sentences: the population that it is measured on. Immutable; thread-safe.
 *
 * @param lines tokens of the lines that are long enough
 * @param leftOut lines in which nothing can be predicted, empty ones not counted
 * @param tokens of all lines together
 */
public record TextFile(List<TextTokenizer.Line> lines, int leftOut, long tokens) {
    private static final int MAX_LINES = 5_000_000;
    private static final int MAX_LINE_BYTES = 10_000_000;

    public TextFile {
        lines = List.copyOf(lines);
    }

    /**
     * Reads a file of UTF-8 text, with or without a byte order mark, one sentence a line.
     *
     * @param causal whether the next token is predicted, which takes two tokens; otherwise a masked one that is not special
     * @throws Refusal if it is no such file
     * @throws Refusal in one sentence, if it cannot be read or nothing in it can be predicted
     */
    public static TextFile read(Path file, TextTokenizer tokenizer, boolean causal) {
        List<TextTokenizer.Line> lines = new ArrayList<>();
        int[] leftOut = new int[1];
        try {
            Utf8Files.forEachLine(file, MAX_LINE_BYTES, line -> {
                if (line.isBlank()) {
                    return;
                }
                if (lines.size() == MAX_LINES) {
                    throw new Refusal(file + " has more than " + MAX_LINES + " lines: give a part of it.");
                }
                TextTokenizer.Line encoded = tokenizer.encode(line);
                if (predictable(encoded, causal)) {
                    lines.add(encoded);
                } else {
                    leftOut[0]++;
                }
            });
        } catch (IOException unreadable) {
            throw TensorFile.unreadable(file, unreadable);
        }
        if (lines.isEmpty()) {
            throw new Refusal(file + " has no line in which " + (causal ? "a next token" : "a masked token")
                    + " can be predicted: give one sentence a line.");
        }
        return new TextFile(
                lines,
                leftOut[0],
                lines.stream().mapToLong(line -> line.ids().length).sum());
    }

    private static boolean predictable(TextTokenizer.Line line, boolean causal) {
        if (causal) {
            return line.ids().length >= 2;
        }
        for (boolean special : line.special()) {
            if (!special) {
                return true;
            }
        }
        return false;
    }
}

package basin.lm.model;

import basin.events.spec.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
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
    private static final int MOST_LINES = 5_000_000;
    private static final int MOST_CHARACTERS = 10_000_000;

    public TextFile {
        lines = List.copyOf(lines);
    }

    /**
     * Reads a UTF-8 file.
     *
     * @param causal whether the next token is predicted, for which two are needed; otherwise a masked one that is not special
     * @throws Refusal in one sentence, where it is no such file or nothing in it can be predicted
     */
    public static TextFile read(Path file, TextTokenizer tokenizer, boolean causal) {
        List<TextTokenizer.Line> lines = new ArrayList<>();
        int leftOut = 0;
        long tokens = 0;
        int number = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                if (lines.size() == MOST_LINES || line.length() > MOST_CHARACTERS) {
                    throw new Refusal(
                            file + " has more than " + MOST_LINES + " lines, or one of more than " + MOST_CHARACTERS
                                    + " characters at line " + number + ": give a part of it, one sentence a line.");
                }
                TextTokenizer.Line encoded = tokenizer.encode(line);
                if (predictable(encoded, causal)) {
                    lines.add(encoded);
                    tokens += encoded.ids().length;
                } else {
                    leftOut++;
                }
            }
        } catch (CharacterCodingException notText) {
            throw new Refusal(file + " is no UTF-8 text at line " + (number + 1) + ": convert it first.", notText);
        } catch (IOException unreadable) {
            throw TensorFile.unreadable(file, unreadable);
        }
        if (lines.isEmpty()) {
            throw new Refusal(file + " has no line in which " + (causal ? "a next token" : "a masked token")
                    + " can be predicted: give one sentence a line.");
        }
        return new TextFile(lines, leftOut, tokens);
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

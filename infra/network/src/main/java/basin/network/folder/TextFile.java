package basin.network.folder;

import basin.network.TokenBatch;
import basin.study.Objective;
import basin.study.Refusal;
import basin.study.file.Utf8Files;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A text whose lines are a model's sentences, the population on which the model is measured.
 * Immutable; thread-safe.
 *
 * @param lines tokens of the lines that are long enough
 * @param leftOut number of lines in which nothing can be predicted, not counting blank ones
 * @param cut number of lines that are truncated
 * @param tokens number of tokens of all lines together
 * @param unknown number of those that stand for something that the tokenizer does not know
 * @param objective which tokens of a line are predicted
 * @param mask token that hides the predicted one; −1 if none is hidden
 */
public record TextFile(
        List<TextTokenizer.Line> lines,
        int leftOut,
        int cut,
        long tokens,
        long unknown,
        Objective objective,
        int mask) {
    private static final int MAX_LINES = 5_000_000;
    private static final int MAX_LINE_BYTES = 10_000_000;
    /** Half a gigabyte of memory. */
    private static final int MAX_TOKENS = 100_000_000;

    public TextFile {
        lines = List.copyOf(lines);
    }

    /**
     * Reads a file of UTF-8 text, with or without a byte order mark, one sentence per line.
     *
     * @param objective which tokens are predicted: a next token requires two tokens, a masked one a
     *     token that is not special
     * @param vocabulary number of tokens that the network knows; every token must be below it
     * @throws Refusal if the file is no such text, cannot be read, nothing in it can be predicted,
     *     or the network does not know one of its tokens
     */
    public static TextFile read(Path file, TextTokenizer tokenizer, Objective objective, int vocabulary) {
        int mask = objective.masks() ? tokenizer.mask() : -1;
        if (mask >= vocabulary) {
            throw unknown("The tokenizer's mask token", mask, vocabulary);
        }
        List<TextTokenizer.Line> lines = new ArrayList<>();
        int[] leftOut = new int[1];
        int[] number = new int[1];
        long[] tokens = new long[1];
        long[] unknown = new long[1];
        OptionalInt unknownToken = tokenizer.unknown();
        try {
            Utf8Files.forEachLine(file, MAX_LINE_BYTES, line -> {
                number[0]++;
                if (line.isBlank()) {
                    return;
                }
                if (lines.size() == MAX_LINES) {
                    throw new Refusal(file + " has more than " + MAX_LINES + " lines: give a part of it.");
                }
                TextTokenizer.Line encoded = tokenizer.encode(line);
                for (int token : encoded.ids()) {
                    if (token >= vocabulary) {
                        throw unknown("Line " + number[0] + " of " + file, token, vocabulary);
                    }
                }
                if (encoded.cut()) {
                    tokenizer.checkCut(file, number[0]);
                }
                if (predictable(encoded, objective)) {
                    tokens[0] += encoded.ids().length;
                    unknown[0] += unknownToken.isPresent()
                            ? IntStream.of(encoded.ids())
                                    .filter(token -> token == unknownToken.getAsInt())
                                    .count()
                            : 0;
                    if (tokens[0] > MAX_TOKENS) {
                        throw new Refusal(file + " has more than " + MAX_TOKENS + " tokens: give a part of it.");
                    }
                    lines.add(encoded);
                } else {
                    leftOut[0]++;
                }
            });
        } catch (IOException unreadable) {
            throw TensorFile.unreadable(file, unreadable);
        }
        if (lines.isEmpty()) {
            throw new Refusal(file + " has no line in which "
                    + (objective.masks() ? "a masked token" : "a next token")
                    + " can be predicted: give one sentence per line.");
        }
        return new TextFile(
                lines,
                leftOut[0],
                (int) lines.stream().filter(TextTokenizer.Line::cut).count(),
                tokens[0],
                unknown[0],
                objective,
                mask);
    }

    private static Refusal unknown(String where, int token, int vocabulary) {
        return new Refusal(where + " has token " + token + ", and the network's last token is " + (vocabulary - 1)
                + ": put the model's own tokenizer beside it.");
    }

    private static boolean predictable(TextTokenizer.Line line, Objective objective) {
        return objective.masks() ? line.open().length > 0 : line.ids().length >= 2;
    }

    /** Returns a description of the predicted tokens of a line. */
    public String predicted() {
        return objective.masks() ? "one masked token per line" : "all next tokens of a line";
    }

    /**
     * Returns a batch of lines drawn with replacement, with the observed tokens as targets. The
     * place of a masked token is also drawn.
     *
     * @param size number of lines in the batch
     */
    public TokenBatch batch(RandomGenerator random, int size) {
        int[][] rows = new int[size][];
        IntStream.Builder sequences = IntStream.builder();
        IntStream.Builder places = IntStream.builder();
        IntStream.Builder labels = IntStream.builder();
        for (int i = 0; i < size; i++) {
            TextTokenizer.Line line = lines.get(random.nextInt(lines.size()));
            int[] ids = line.ids();
            rows[i] = ids.clone();
            int drawn = objective.masks() ? line.open()[random.nextInt(line.open().length)] : 0;
            for (int k = 0; k < objective.predictions(ids.length); k++) {
                int token = objective.position(ids.length, drawn, k);
                if (objective.masks()) {
                    rows[i][token] = mask;
                } else if (token == 0) {
                    continue; // The first token has no token before it.
                }
                sequences.add(i);
                places.add(objective.masks() ? token : token - 1);
                labels.add(ids[token]);
            }
        }
        return TokenBatch.of(
                rows,
                sequences.build().toArray(),
                places.build().toArray(),
                labels.build().toArray());
    }
}

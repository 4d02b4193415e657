package basin.flatness.estimator;

import basin.network.EncoderShape;
import basin.network.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A language given as a list of equally likely sentences, some repeated. Every expectation over it
 * is a plain mean over {@link #everything()}, and every conditional a ratio of counts.
 */
final class CountedLanguage {
    /** A common multiple of all sentence lengths. */
    private static final int COPIES = 6;

    private final int words;
    private final int[][] sentences;

    /**
     * Draws sentences of {@code maxLength} words or one less, in which each word depends on the
     * previous one.
     */
    CountedLanguage(int words, int maxLength, int sentences, long seed) {
        this.words = words;
        this.sentences = new int[sentences][];
        SplittableRandom random = new SplittableRandom(seed);
        for (int index = 0; index < sentences; index++) {
            int[] sentence = new int[maxLength - random.nextInt(2)];
            this.sentences[index] = sentence;
            sentence[0] = random.nextInt(words);
            for (int position = 1; position < sentence.length; position++) {
                boolean follows = random.nextDouble() < 0.6;
                sentence[position] = follows ? (sentence[position - 1] + 1) % words : random.nextInt(words);
            }
        }
    }

    int words() {
        return words;
    }

    int maxLength() {
        return Arrays.stream(sentences)
                .mapToInt(sentence -> sentence.length)
                .max()
                .orElseThrow();
    }

    /**
     * Returns every sentence with every masked position. Each sentence, of two or of three words,
     * appears six times in all, so the mean loss is the population loss.
     */
    TokenBatch everything() {
        List<int[]> chosen = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        for (int[] sentence : sentences) {
            for (int copy = 0; copy < COPIES; copy++) {
                chosen.add(sentence);
                positions.add(copy % sentence.length);
            }
        }
        return batch(chosen, positions);
    }

    /** Returns fresh draws of sentences and positions. */
    BatchSource batches(int size, long seed) {
        return pair -> {
            SplittableRandom random = new SplittableRandom(seed * 1_000_003 + pair);
            List<int[]> chosen = new ArrayList<>();
            List<Integer> positions = new ArrayList<>();
            for (int example = 0; example < size; example++) {
                int[] sentence = sentences[random.nextInt(sentences.length)];
                chosen.add(sentence);
                positions.add(random.nextInt(sentence.length));
            }
            return batch(chosen, positions);
        };
    }

    private TokenBatch batch(List<int[]> chosen, List<Integer> positions) {
        double[][] targets = new double[chosen.size()][];
        for (int example = 0; example < targets.length; example++) {
            targets[example] = conditional(chosen.get(example), positions.get(example));
        }
        return TokenBatch.masked(
                        chosen.toArray(int[][]::new),
                        positions.stream().mapToInt(Integer::intValue).toArray())
                .withTargets(EncoderShape.FIRST_WORD, targets);
    }

    private double[] conditional(int[] seen, int position) {
        double[] counts = new double[words];
        for (int[] sentence : sentences) {
            boolean same = sentence.length == seen.length;
            for (int other = 0; same && other < seen.length; other++) {
                same = other == position || sentence[other] == seen[other];
            }
            if (same) {
                counts[sentence[position]]++;
            }
        }
        double total = Arrays.stream(counts).sum();
        return Arrays.stream(counts).map(count -> count / total).toArray();
    }
}

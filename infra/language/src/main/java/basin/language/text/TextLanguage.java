package basin.language.text;

import basin.language.MaskedSentences;
import basin.language.SentenceSource;
import basin.study.LanguageSpec;
import basin.study.Refusal;
import basin.study.Seeds;
import basin.study.file.DataFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The sentences of a user's own text. Word 0 is the unknown word. Word 1 is the separator if the
 * text has pairs. The words of the training part follow in order of decreasing frequency, ties in
 * the order of their characters. A word that occurs there only once counts as unknown, so that the
 * unknown word is learnt, too. Immutable; thread-safe.
 */
public final class TextLanguage implements SentenceSource {
    /** The word id of all words outside the vocabulary. */
    public static final int UNKNOWN = 0;

    /** The word id of the separator between two sentences, if there are pairs. */
    public static final int SEPARATOR = 1;

    /** The minimum number of different sentences in each part. */
    private static final int LEAST = 10;

    private static final int MIN_OCCURRENCES = 2;

    private final LanguageSpec.Text spec;
    /** The content of a {@code tokenizer.json}, or empty. */
    private final byte[] tokenizer;

    private final Map<String, Integer> vocabulary;
    private final int vocabularySize;
    private final int[][] training;
    /**
     * The indices of the training sentences that are followed by another training sentence in the
     * text.
     */
    private final int[] followed;

    private final int[][] heldOut;
    private final Counts counts;

    /**
     * Statistics of the lines of a text.
     *
     * @param training number of training sentences
     * @param heldOut number of held-out sentences
     * @param blank number of lines without a word, which are dropped
     * @param cut number of truncated sentences
     * @param words number of words of all sentences after truncation
     * @param unknown number of these that are outside the vocabulary
     */
    public record Counts(int training, int heldOut, int blank, int cut, long words, long unknown) {}

    /**
     * Reads the files. Equal lines go to the same part, so that a held-out sentence is never
     * trained on.
     *
     * @throws IOException if this machine does not have a file at present
     * @throws Refusal if the files are no text, or if it is too short; one sentence
     */
    public static TextLanguage of(LanguageSpec.Text spec) throws IOException {
        return new TextLanguage(spec);
    }

    private TextLanguage(LanguageSpec.Text spec) throws IOException {
        this.spec = spec;
        this.tokenizer = spec.tokenizer().equals(LanguageSpec.Text.WORDS)
                ? new byte[0]
                : DataText.read("language.tokenizer", spec.tokenizer()).bytes();
        // Sentences as token types, numbered in order of occurrence.
        Map<String, Integer> types = new LinkedHashMap<>();
        Map<String, Integer> lines = new HashMap<>();
        List<int[]> sentences = new ArrayList<>();
        List<Integer> line = new ArrayList<>();
        int blank = 0;
        int cut = 0;
        long bytes = 0;
        try (LineTokenizer splitter = splitter()) {
            for (String hash : spec.files()) {
                DataText file = DataText.read("language.files", hash);
                bytes += file.bytes().length;
                if (bytes > DataFiles.MAX_BYTES) {
                    throw new Refusal("language.files have more than " + DataFiles.MAX_BYTES
                            + " bytes together: give a part of them.");
                }
                for (String text : file.lines()) {
                    List<String> tokens = splitter.tokens(text);
                    if (tokens.isEmpty()) {
                        blank++;
                        continue;
                    }
                    cut += tokens.size() > spec.maxLength() ? 1 : 0;
                    sentences.add(tokens.stream()
                            .limit(spec.maxLength())
                            .mapToInt(token -> types.computeIfAbsent(token, _ -> types.size()))
                            .toArray());
                    line.add(lines.computeIfAbsent(text.strip(), _ -> lines.size()));
                }
            }
        }
        boolean[] held = held(lines.size());
        int[] occurrences = new int[types.size()];
        for (int i = 0; i < sentences.size(); i++) {
            if (!held[line.get(i)]) {
                Arrays.stream(sentences.get(i)).forEach(type -> occurrences[type]++);
            }
        }
        int specials = spec.pairs() > 0 ? 2 : 1;
        List<String> kept = kept(types, occurrences, spec.vocabularySize() - specials);
        this.vocabulary = IntStream.range(0, kept.size())
                .boxed()
                .collect(Collectors.toUnmodifiableMap(kept::get, number -> specials + number));
        this.vocabularySize = specials + kept.size();
        int[] numbers = new int[types.size()];
        types.forEach((token, type) -> numbers[type] = number(token));
        List<int[]> learnt = new ArrayList<>();
        List<int[]> unseen = new ArrayList<>();
        List<Integer> pairs = new ArrayList<>();
        long all = 0;
        long unknown = 0;
        for (int i = 0; i < sentences.size(); i++) {
            if (i > 0 && !held[line.get(i - 1)] && !held[line.get(i)]) {
                pairs.add(learnt.size() - 1);
            }
            int[] sentence =
                    Arrays.stream(sentences.get(i)).map(type -> numbers[type]).toArray();
            (held[line.get(i)] ? unseen : learnt).add(sentence);
            all += sentence.length;
            unknown += Arrays.stream(sentence).filter(word -> word == UNKNOWN).count();
        }
        if (spec.pairs() > 0 && pairs.isEmpty()) {
            throw new Refusal("language.pairs is " + spec.pairs()
                    + ": give 0, or a longer text, because no two neighbouring sentences are both in its"
                    + " training part.");
        }
        this.training = learnt.toArray(int[][]::new);
        this.followed = pairs.stream().mapToInt(Integer::intValue).toArray();
        this.heldOut = unseen.toArray(int[][]::new);
        this.counts = new Counts(training.length, heldOut.length, blank, cut, all, unknown);
    }

    private LineTokenizer splitter() {
        return tokenizer.length == 0
                ? LineTokenizer.words()
                : LineTokenizer.of(tokenizer, "language.tokenizer is " + spec.tokenizer());
    }

    /** Returns, for each distinct line, whether it is held out. */
    private boolean[] held(int lines) {
        int count = (int) Math.rint(spec.heldOut() * lines);
        if (count < LEAST || lines - count < LEAST) {
            throw new Refusal("language.files have " + lines + " different sentences, of which "
                    + count + " would be held out: give a text, and a share as language.heldOut, that leave at least "
                    + LEAST + " for either part, one sentence per line.");
        }
        boolean[] held = new boolean[lines];
        int[] order = Seeds.permutation(Seeds.generator(spec.seed(), "text/held-out"), lines);
        for (int i = 0; i < count; i++) {
            held[order[i]] = true;
        }
        return held;
    }

    /**
     * Returns at most {@code max} tokens in order of decreasing frequency, ties in the order of
     * their characters.
     */
    private static List<String> kept(Map<String, Integer> types, int[] occurrences, int max) {
        List<String> kept = types.entrySet().stream()
                .filter(type -> occurrences[type.getValue()] >= MIN_OCCURRENCES)
                .sorted(Comparator.comparingInt((Map.Entry<String, Integer> type) -> -occurrences[type.getValue()])
                        .thenComparing(Map.Entry::getKey))
                .limit(max)
                .map(Map.Entry::getKey)
                .toList();
        if (kept.size() < 2) {
            throw new Refusal("language.files have " + kept.size() + " words that occur " + MIN_OCCURRENCES
                    + " times or more in the training part: give a longer text.");
        }
        return kept;
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    /** Returns the maximum sentence length in words, or that of a pair if there are pairs. */
    @Override
    public int maxLength() {
        return spec.pairs() > 0 ? 2 * spec.maxLength() + 1 : spec.maxLength();
    }

    /** Returns the statistics of the lines. */
    public Counts counts() {
        return counts;
    }

    /** Returns the word id of a word, {@link #UNKNOWN} if it is outside the vocabulary. */
    public int number(String word) {
        return vocabulary.getOrDefault(word, UNKNOWN);
    }

    /**
     * Draws training sentences with replacement, some of them pairs of consecutive sentences of the
     * text. The position is never the separator's.
     */
    @Override
    public MaskedSentences masked(RandomGenerator random, int count) {
        int[][] sentences = new int[count][];
        int[] positions = new int[count];
        for (int i = 0; i < count; i++) {
            boolean pair = spec.pairs() > 0 && random.nextDouble() < spec.pairs();
            int number = pair ? followed[random.nextInt(followed.length)] : random.nextInt(training.length);
            int[] first = training[number];
            sentences[i] = pair ? joined(first, training[number + 1]) : first.clone();
            int position = random.nextInt(sentences[i].length - (pair ? 1 : 0));
            positions[i] = pair && position >= first.length ? position + 1 : position;
        }
        return new MaskedSentences(sentences, positions);
    }

    /**
     * Draws held-out sentences with replacement, each with one of its positions. They are the
     * population for flatness measurements.
     */
    public MaskedSentences heldOut(RandomGenerator random, int count) {
        return masked(random, i -> random.nextInt(heldOut.length), count);
    }

    /**
     * Draws held-out sentences without replacement, each with one of its positions. Duplicates
     * occur only if the text has them.
     *
     * @param count at most the number of held-out sentences
     * @throws Refusal if there are fewer
     */
    public MaskedSentences validation(RandomGenerator random, int count) {
        check("validation.sentences", count);
        int[] order = Seeds.permutation(random, heldOut.length);
        return masked(random, i -> order[i], count);
    }

    /**
     * Checks that there are at least {@code count} held-out sentences.
     *
     * @throws Refusal otherwise; it names {@code field}
     */
    public void check(String field, int count) {
        if (count > heldOut.length) {
            throw new Refusal(field + " is " + count + ": give at most " + heldOut.length
                    + ", because so many sentences of the text are held out.");
        }
    }

    private MaskedSentences masked(RandomGenerator random, IntUnaryOperator which, int count) {
        int[][] sentences = new int[count][];
        int[] positions = new int[count];
        for (int i = 0; i < count; i++) {
            sentences[i] = heldOut[which.applyAsInt(i)].clone();
            positions[i] = random.nextInt(sentences[i].length);
        }
        return new MaskedSentences(sentences, positions);
    }

    private static int[] joined(int[] first, int[] second) {
        int[] pair = Arrays.copyOf(first, first.length + 1 + second.length);
        pair[first.length] = SEPARATOR;
        System.arraycopy(second, 0, pair, first.length + 1, second.length);
        return pair;
    }

    /**
     * Encodes other texts with this vocabulary, each truncated to the maximum length. The two texts
     * of an example are joined by the separator.
     *
     * @param examples one or two texts each
     * @throws Refusal if a text has no word; one sentence
     */
    public Encoded encode(List<List<String>> examples) {
        int[][] sentences = new int[examples.size()][];
        int cut = 0;
        try (LineTokenizer splitter = splitter()) {
            for (int i = 0; i < sentences.length; i++) {
                for (String text : examples.get(i)) {
                    List<String> tokens = splitter.tokens(text);
                    if (tokens.isEmpty()) {
                        throw new Refusal("example " + (i + 1) + " has a text without a word.");
                    }
                    cut += tokens.size() > spec.maxLength() ? 1 : 0;
                    int[] own = tokens.stream()
                            .limit(spec.maxLength())
                            .mapToInt(this::number)
                            .toArray();
                    sentences[i] = sentences[i] == null ? own : joined(sentences[i], own);
                }
            }
        }
        return new Encoded(sentences, cut);
    }

    /**
     * Encoded examples.
     *
     * @param sentences word ids, one sentence per example; empty if no word of the example is kept
     * @param cut number of truncated texts
     */
    @SuppressWarnings("ArrayRecordComponent") // Made once and handed over.
    public record Encoded(int[][] sentences, int cut) {}
}

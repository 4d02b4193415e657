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
 * The sentences of a user's own text. Word 0 is the unknown word, word 1 the separator where pairs are trained on, and then come the words of the
 * training part from the most frequent on, those as frequent in the order of their characters. A word that occurs there once is unknown, so
 * that the unknown word is learnt, too. Immutable; thread-safe.
 */
public final class TextLanguage implements SentenceSource {
    /** The number of every word that is not kept. */
    public static final int UNKNOWN = 0;

    /** The number of the word between two sentences, where there is one. */
    public static final int SEPARATOR = 1;

    /** The fewest sentences of either part. */
    private static final int LEAST = 10;

    private static final int MIN_OCCURRENCES = 2;

    private final LanguageSpec.Text spec;
    /** Of a {@code tokenizer.json}, or empty. */
    private final byte[] tokenizer;

    private final Map<String, Integer> vocabulary;
    private final int vocabularySize;
    private final int[][] training;
    /** Numbers of sentences of the training part that another one of it follows in the text. */
    private final int[] followed;

    private final int[][] heldOut;
    private final Counts counts;

    /**
     * What became of the lines.
     *
     * @param training sentences to learn from
     * @param heldOut sentences that are held out
     * @param blank lines without a word, left out
     * @param cut sentences that were longer than the longest
     * @param words of all sentences after cutting
     * @param unknown words among them that are not kept
     */
    public record Counts(int training, int heldOut, int blank, int cut, long words, long unknown) {}

    /**
     * Reads the files. Equal lines go into the same part: a sentence that is held out is never learnt from.
     *
     * @throws IOException where this machine does not have a file now
     * @throws Refusal in one sentence, where the files are no text, or too short a one
     */
    public static TextLanguage of(LanguageSpec.Text spec) throws IOException {
        return new TextLanguage(spec);
    }

    private TextLanguage(LanguageSpec.Text spec) throws IOException {
        this.spec = spec;
        this.tokenizer = spec.tokenizer().equals(LanguageSpec.Text.WORDS)
                ? new byte[0]
                : DataText.read("language.tokenizer", spec.tokenizer()).bytes();
        // Sentences as numbers of tokens, numbered as they come.
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
                    + ": give 0, or a longer text, for no two neighbouring sentences of it are both learnt from.");
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

    /** Which of the different lines are held out. */
    private boolean[] held(int lines) {
        int count = (int) Math.rint(spec.heldOut() * lines);
        if (count < LEAST || lines - count < LEAST) {
            throw new Refusal("language.files have " + lines + " different sentences, of which "
                    + count + " would be held out: give a text, and a share as language.heldOut, that leave at least "
                    + LEAST + " for either part, one sentence a line.");
        }
        boolean[] held = new boolean[lines];
        int[] order = Seeds.permutation(Seeds.generator(spec.seed(), "text/held-out"), lines);
        for (int i = 0; i < count; i++) {
            held[order[i]] = true;
        }
        return held;
    }

    /** The most frequent tokens, at most {@code max}, those as frequent in the order of their characters. */
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

    /** Words of the longest sentence, or of the longest pair where there are any. */
    @Override
    public int maxLength() {
        return spec.pairs() > 0 ? 2 * spec.maxLength() + 1 : spec.maxLength();
    }

    /** What became of the lines. */
    public Counts counts() {
        return counts;
    }

    /** Number of a word of the vocabulary; {@link #UNKNOWN} for all others. */
    public int number(String word) {
        return vocabulary.getOrDefault(word, UNKNOWN);
    }

    /**
     * Sentences of the training part, drawn with replacement, some of them pairs of neighbours in the text; the position is never the
     * separator's.
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

    /** Held-out sentences, drawn with replacement, each with one of its positions: the population that flatness is measured on. */
    public MaskedSentences heldOut(RandomGenerator random, int count) {
        return masked(random, i -> random.nextInt(heldOut.length), count);
    }

    /**
     * So many of the held-out sentences, none of them twice but where the text has it twice, each with one of its positions.
     *
     * @param count at most as many as there are
     */
    public MaskedSentences validation(RandomGenerator random, int count) {
        check("validation.sentences", count);
        int[] order = Seeds.permutation(random, heldOut.length);
        return masked(random, i -> order[i], count);
    }

    /** Refuses more held-out sentences than there are. */
    public void check(String field, int count) {
        if (count > heldOut.length) {
            throw new Refusal(field + " is " + count + ": give at most " + heldOut.length
                    + ", for so many sentences of the text are held out.");
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
     * Other texts as this one's words, each cut to the longest sentence; two texts of an example with the separator between them.
     *
     * @param examples one text or two each
     * @throws Refusal in one sentence, where one has no word
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
     * Texts as words.
     *
     * @param sentences word ids, one sentence an example; none of an example of which nothing is left
     * @param cut texts that were longer than the longest sentence
     */
    @SuppressWarnings("ArrayRecordComponent") // Made once and handed over.
    public record Encoded(int[][] sentences, int cut) {}
}

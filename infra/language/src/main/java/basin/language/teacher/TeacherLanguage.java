package basin.language.teacher;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import basin.language.Enumeration;
import basin.language.Language;
import basin.language.MaskedSentences;
import basin.language.Vocabulary;
import basin.network.Gpt2Network;
import basin.network.Network;
import basin.network.OptNetwork;
import basin.network.TokenBatch;
import basin.network.engine.Devices;
import basin.network.engine.Torch;
import basin.network.folder.FolderModel;
import basin.study.Refusal;
import basin.study.Seeds;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The text of a causal language model, the teacher, restricted to its most frequent tokens. The
 * sentence length is uniform. Each word follows the teacher's probabilities given its start token
 * and the words before, renormalised over the kept tokens, at a temperature. The teacher never ends
 * a sentence, so no probability is lost to longer ones, and a sentence's probability given its
 * length is the product of its words'.
 *
 * <p>A conditional is that product for every candidate at the masked position, normalised. The
 * factors of the words before cancel; the words after are scored once per candidate, with many
 * candidates per forward pass. All passes are in float64. Call from platform threads. Immutable;
 * thread-safe.
 */
public final class TeacherLanguage implements Language {
    /**
     * The number of sequences over which token frequencies are estimated, from predicted
     * probabilities and not from draws.
     */
    static final int COUNTED = 64;

    /** The maximum number of tokens read in one forward pass. */
    private static final int TOKENS_AT_ONCE = 8_192;

    private static final int SCORES_AT_ONCE = 1 << 23;

    private final Scorer scorer;
    private final int[] tokens;
    /** The vocabulary size of the whole model. */
    private final int vocabulary;

    private final int minLength;
    private final int maxLength;
    private final double temperature;

    /**
     * Returns the language of a model.
     *
     * <p>The kept tokens are those with the largest mean predicted probability over all positions
     * of {@value #COUNTED} sequences of {@code maxLength} tokens. The whole model generates these
     * at the same temperature, from {@code seed}. The tokens that its configuration names as
     * beginning, end or padding are excluded. Word i is the kept token with the i-th smallest id.
     *
     * @param vocabularySize number of tokens to keep
     * @param minLength minimum sentence length in words, at least 1
     * @param maxLength maximum sentence length in words; all lengths in between are equally likely
     * @param temperature divisor of the logits, above 0
     * @throws Refusal if the model cannot be such a teacher; one sentence
     */
    public static TeacherLanguage of(
            FolderModel model, int vocabularySize, int minLength, int maxLength, double temperature, long seed) {
        return new TeacherLanguage(model, vocabularySize, minLength, maxLength, temperature, seed);
    }

    private TeacherLanguage(
            FolderModel model, int vocabularySize, int minLength, int maxLength, double temperature, long seed) {
        int start = model.special("bos_token_id")
                .orElseThrow(() -> new Refusal("bos_token_id is missing in the config.json of " + model.folder()
                        + ": name the token that a text begins with."));
        if (!model.network().causal()) {
            throw new Refusal("model_type is " + model.network().type() + " in the config.json of "
                    + model.folder() + ": give a model that predicts the next token, of type "
                    + Gpt2Network.TYPE + " or "
                    + OptNetwork.TYPE + ".");
        }
        if (maxLength > model.network().maxLength()) {
            throw new Refusal("language.maxLength is " + maxLength + ": give at most "
                    + model.network().maxLength() + ", for the model in " + model.folder() + " reads no longer texts.");
        }
        BitSet special = new BitSet();
        special.set(start);
        for (String field : List.of("eos_token_id", "pad_token_id")) {
            model.special(field).ifPresent(special::set);
        }
        int ordinary = model.network().vocabulary() - special.cardinality();
        if (vocabularySize > ordinary) {
            throw new Refusal("language.tokens is " + vocabularySize + ": give at most " + ordinary
                    + ", for the model in " + model.folder() + " has no more but for its special ones.");
        }
        this.vocabulary = model.network().vocabulary();
        this.minLength = minLength;
        this.maxLength = maxLength;
        this.temperature = temperature;
        try (Scorer whole = new Scorer(model)) {
            this.tokens = frequent(whole, start, special, vocabularySize, seed);
        }
        int[] known = Arrays.copyOf(tokens, vocabularySize + 1);
        known[vocabularySize] = start;
        this.scorer = new Scorer(model.restrictedTo(known));
    }

    private int[] frequent(Scorer model, int start, BitSet special, int vocabularySize, long seed) {
        double[] frequency = new double[vocabulary];
        int[][] texts = new int[COUNTED][];
        Arrays.setAll(texts, text -> new int[] {start});
        RandomGenerator[] random = new RandomGenerator[COUNTED];
        Arrays.setAll(random, text -> Seeds.generator(seed, "teacher/tokens", text));
        for (int t = 0; t < maxLength; t++) {
            double[][] next = model.last(texts, vocabulary);
            for (int text = 0; text < COUNTED; text++) {
                double[] p = next[text];
                special.stream().forEach(token -> p[token] = Double.NEGATIVE_INFINITY);
                softmax(p, temperature);
                for (int token = 0; token < vocabulary; token++) {
                    frequency[token] += p[token];
                }
                texts[text] = Arrays.copyOf(texts[text], t + 2);
                texts[text][t + 1] = draw(random[text], p);
            }
        }
        return IntStream.range(0, vocabulary)
                .filter(token -> !special.get(token))
                .boxed()
                .sorted((one, other) -> Double.compare(frequency[other], frequency[one]))
                .limit(vocabularySize)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    private static int draw(RandomGenerator random, double[] probabilities) {
        double total = 0;
        for (double p : probabilities) {
            total += p;
        }
        double u = random.nextDouble() * total;
        int last = -1;
        for (int i = 0; i < probabilities.length; i++) {
            if (probabilities[i] > 0) {
                last = i;
                u -= probabilities[i];
                if (u < 0) {
                    return i;
                }
            }
        }
        return last;
    }

    /** Turns logits at a temperature into probabilities, in place. */
    private static void softmax(double[] scores, double temperature) {
        logSoftmax(scores, temperature);
        Arrays.setAll(scores, i -> Math.exp(scores[i]));
    }

    /** Turns logits at a temperature into log probabilities, in place. */
    private static void logSoftmax(double[] scores, double temperature) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < scores.length; i++) {
            scores[i] /= temperature;
            largest = Math.max(largest, scores[i]);
        }
        double total = 0;
        for (double score : scores) {
            total += Math.exp(score - largest);
        }
        double normaliser = largest + Math.log(total);
        for (int i = 0; i < scores.length; i++) {
            scores[i] -= normaliser;
        }
    }

    /** Returns a copy of the teacher's token ids of the words, ascending. */
    public int[] tokens() {
        return tokens.clone();
    }

    /**
     * Returns the vocabulary size of the whole model, including tokens that are not kept. Its token
     * ids are below it.
     */
    public int vocabulary() {
        return vocabulary;
    }

    @Override
    public int vocabularySize() {
        return tokens.length;
    }

    @Override
    public int maxLength() {
        return maxLength;
    }

    @Override
    public double lengthProbability(int length) {
        return length < minLength || length > maxLength ? 0 : 1.0 / (maxLength - minLength + 1);
    }

    @Override
    public int[] sample(RandomGenerator random) {
        return masked(random, 1).sentences()[0];
    }

    /** Draws all sentences at once, word by word. Each sentence has its own random stream. */
    @Override
    public MaskedSentences masked(RandomGenerator random, int count) {
        RandomGenerator[] streams = new RandomGenerator[count];
        int[][] sentences = new int[count][];
        int[] positions = new int[count];
        for (int i = 0; i < count; i++) {
            streams[i] = Seeds.generator(random.nextLong(), "teacher/sentence");
            sentences[i] = new int[minLength + streams[i].nextInt(maxLength - minLength + 1)];
        }
        for (int t = 0; t < maxLength; t++) {
            int at = t;
            int[] going = IntStream.range(0, count)
                    .filter(i -> sentences[i].length > at)
                    .toArray();
            if (going.length == 0) {
                break;
            }
            int[][] texts =
                    Arrays.stream(going).mapToObj(i -> text(sentences[i], at)).toArray(int[][]::new);
            double[][] next = scorer.last(texts, vocabularySize());
            for (int i = 0; i < going.length; i++) {
                softmax(next[i], temperature);
                sentences[going[i]][t] = draw(streams[going[i]], next[i]);
            }
        }
        for (int i = 0; i < count; i++) {
            positions[i] = streams[i].nextInt(sentences[i].length);
        }
        return new MaskedSentences(sentences, positions);
    }

    /** Returns the start token and the first {@code count} words, as input of the scorer. */
    private int[] text(int[] sentence, int count) {
        int[] text = new int[count + 1];
        text[0] = tokens.length;
        System.arraycopy(sentence, 0, text, 1, count);
        return text;
    }

    @Override
    public double logProbability(int[] sentence) {
        Vocabulary.check(sentence, vocabularySize());
        if (sentence.length < minLength || sentence.length > maxLength) {
            return Double.NEGATIVE_INFINITY;
        }
        return Math.log(lengthProbability(sentence.length)) + behind(new int[][] {sentence}, 0)[0];
    }

    @Override
    public double[] conditional(int[] sentence, int position) {
        Vocabulary.check(sentence, vocabularySize(), minLength, maxLength);
        double[] row = scorer.last(new int[][] {text(sentence, position)}, vocabularySize())[0];
        if (position + 1 == sentence.length) {
            softmax(row, temperature);
            return row;
        }
        logSoftmax(row, temperature);
        int[][] candidates = new int[vocabularySize()][];
        for (int word = 0; word < candidates.length; word++) {
            candidates[word] = sentence.clone();
            candidates[word][position] = word;
        }
        double[] after = behind(candidates, position + 1);
        Arrays.setAll(row, word -> row[word] + after[word]);
        softmax(row, 1);
        return row;
    }

    @Override
    public double[][] nextWords(int[] sentence) {
        Vocabulary.check(sentence, vocabularySize(), minLength, maxLength);
        double[][] rows = new double[sentence.length][];
        scorer.scores(new int[][] {text(sentence, sentence.length - 1)}, 0, vocabularySize(), (_, place, scores) -> {
            softmax(scores, temperature);
            rows[place] = scores;
        });
        return rows;
    }

    /**
     * Returns, for sentences of equal length, the log probability of the words from position
     * {@code from} on, given those before.
     */
    private double[] behind(int[][] sentences, int from) {
        double[] sums = new double[sentences.length];
        int[][] texts = Arrays.stream(sentences)
                .map(sentence -> text(sentence, sentence.length - 1))
                .toArray(int[][]::new);
        scorer.scores(texts, from, vocabularySize(), (text, place, scores) -> {
            logSoftmax(scores, temperature);
            sums[text] += scores[sentences[text][place]];
        });
        return sums;
    }

    @Override
    public Optional<List<int[]>> sentences(int limit) {
        return Enumeration.byBeginnings(this, limit, (_, _) -> true);
    }

    /** A consumer of the logits at one position of one text. */
    @FunctionalInterface
    private interface Scores {
        void take(int text, int place, double[] scores);
    }

    /** Forward passes of one network, whose weights are loaded once. Thread-safe. */
    private static final class Scorer implements AutoCloseable {
        private final Network network;
        private final NDManager home;
        private final NDArray theta;

        Scorer(FolderModel model) {
            this.network = model.network();
            try (Devices.Use _ = cpu()) {
                this.home = Torch.scope();
            }
            this.theta = home.create(model.theta());
        }

        /** Always the CPU, so that the language does not depend on the device. */
        private static Devices.Use cpu() {
            return Devices.use(Devices.CPU);
        }

        @Override
        public void close() {
            home.close();
        }

        /**
         * Returns the logits of the first {@code tokens} tokens after each text. All texts have the
         * same length.
         */
        double[][] last(int[][] texts, int tokens) {
            double[][] rows = new double[texts.length][];
            scores(texts, texts[0].length - 1, tokens, (text, _, scores) -> rows[text] = scores);
            return rows;
        }

        /**
         * Reports the logits at every position from {@code from} on, text by text, then position by
         * position. All texts have the same length.
         */
        void scores(int[][] texts, int from, int tokens, Scores reported) {
            int length = texts[0].length;
            int places = length - from;
            int part = Math.clamp(
                    Math.min(TOKENS_AT_ONCE / length, SCORES_AT_ONCE / (places * network.vocabulary())),
                    1,
                    texts.length);
            for (int first = 0; first < texts.length; first += part) {
                int[][] some = Arrays.copyOfRange(texts, first, Math.min(texts.length, first + part));
                int rows = some.length * places;
                double[] flat = run(TokenBatch.at(
                        some,
                        IntStream.range(0, rows).map(row -> row / places).toArray(),
                        IntStream.range(0, rows).map(row -> from + row % places).toArray()));
                for (int row = 0; row < rows; row++) {
                    int at = row * network.vocabulary();
                    reported.take(first + row / places, from + row % places, Arrays.copyOfRange(flat, at, at + tokens));
                }
            }
        }

        private double[] run(TokenBatch batch) {
            return Torch.unrecorded(() -> {
                try (Devices.Use _ = cpu();
                        NDManager scope = Torch.scope()) {
                    // A view owned by this pass. Results belong to its scope, and other threads
                    // have their own.
                    NDArray own = Torch.view(theta, theta.size());
                    own.attach(scope);
                    return network.logits(own, batch).toDoubleArray();
                }
            });
        }
    }
}

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
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Text of a causal language model, the teacher, that knows its most frequent tokens alone. A length is drawn uniformly; then each word
 * by the teacher's probabilities given its start token and the words before, over the kept tokens, at a temperature. The teacher never
 * ends a sentence, so nothing is lost to longer ones, and a sentence's probability is the product of its words'.
 *
 * <p>A conditional is that product for every word that could stand at the masked position, scaled to sum to one: the words before cancel,
 * those after are scored behind every candidate, many candidates a pass. All passes are in float64. Call from platform threads;
 * thread-safe.
 */
public final class TeacherLanguage implements Language {
    /** Sequences of whole tokens that the frequencies of tokens are counted on: their predicted probabilities, not their draws. */
    static final int COUNTED = 64;

    /** Bounds of one forward pass: tokens read, and scores written. */
    private static final int TOKENS_AT_ONCE = 8_192;

    private static final int SCORES_AT_ONCE = 1 << 23;

    private final Scorer scorer;
    private final int[] tokens;
    /** Tokens of the whole model. */
    private final int vocabulary;

    private final int shortest;
    private final int longest;
    private final double temperature;

    private TeacherLanguage(
            Scorer scorer, int[] tokens, int vocabulary, int shortest, int longest, double temperature) {
        this.scorer = scorer;
        this.tokens = tokens;
        this.vocabulary = vocabulary;
        this.shortest = shortest;
        this.longest = longest;
        this.temperature = temperature;
    }

    /**
     * The language of a model.
     *
     * <p>Its most frequent tokens are those with the largest mean predicted probability over all places of {@value #COUNTED} texts of
     * {@code longest} tokens that the whole model writes at the same temperature, drawn from {@code seed}. The tokens that its
     * configuration names as beginning, end or filler are none of them. Word i is the kept token with the i-th smallest id.
     *
     * @param words how many tokens are kept
     * @param shortest shortest sentence in words, at least 1
     * @param longest longest sentence in words; all lengths between are equally likely
     * @param temperature by which scores are divided, above 0
     * @throws Refusal in one sentence, where the model cannot speak such a language
     */
    public static TeacherLanguage of(
            FolderModel model, int words, int shortest, int longest, double temperature, long seed) {
        int start = model.special("bos_token_id")
                .orElseThrow(() -> new Refusal("bos_token_id is missing in the config.json of " + model.folder()
                        + ": name the token that a text begins with."));
        if (!model.network().causal()) {
            throw new Refusal("model_type is " + model.network().type() + " in the config.json of "
                    + model.folder() + ": give a model that predicts the next token, of type "
                    + Gpt2Network.TYPE + " or "
                    + OptNetwork.TYPE + ".");
        }
        if (longest > model.network().maxLength()) {
            throw new Refusal("language.longest is " + longest + ": give at most "
                    + model.network().maxLength() + ", for the model in " + model.folder() + " reads no longer texts.");
        }
        boolean[] special = new boolean[model.network().vocabulary()];
        special[start] = true;
        for (String field : List.of("eos_token_id", "pad_token_id")) {
            OptionalInt token = model.special(field);
            token.ifPresent(known -> special[known] = true);
        }
        int ordinary = (int) IntStream.range(0, special.length)
                .filter(token -> !special[token])
                .count();
        if (words > ordinary) {
            throw new Refusal("language.tokens is " + words + ": give at most " + ordinary + ", for the model in "
                    + model.folder() + " has no more but for its special ones.");
        }
        int[] kept;
        try (Scorer whole = new Scorer(model)) {
            kept = frequent(whole, start, special, words, longest, temperature, seed);
        }
        int[] known = Arrays.copyOf(kept, words + 1);
        known[words] = start;
        return new TeacherLanguage(
                new Scorer(model.restrictedTo(known)), kept, special.length, shortest, longest, temperature);
    }

    private static int[] frequent(
            Scorer model, int start, boolean[] special, int words, int longest, double temperature, long seed) {
        int vocabulary = special.length;
        double[] frequency = new double[vocabulary];
        int[][] texts = new int[COUNTED][];
        for (int text = 0; text < COUNTED; text++) {
            texts[text] = new int[] {start};
        }
        RandomGenerator[] random = new RandomGenerator[COUNTED];
        Arrays.setAll(random, text -> Seeds.generator(seed, "teacher/tokens", text));
        for (int t = 0; t < longest; t++) {
            double[][] next = model.last(texts, vocabulary);
            for (int text = 0; text < COUNTED; text++) {
                double[] p = next[text];
                for (int token = 0; token < vocabulary; token++) {
                    p[token] = special[token] ? Double.NEGATIVE_INFINITY : p[token] / temperature;
                }
                logSoftmax(p);
                for (int token = 0; token < vocabulary; token++) {
                    p[token] = Math.exp(p[token]);
                    frequency[token] += p[token];
                }
                texts[text] = longer(texts[text], draw(random[text], p));
            }
        }
        return IntStream.range(0, vocabulary)
                .filter(token -> !special[token])
                .boxed()
                .sorted((one, other) -> Double.compare(frequency[other], frequency[one]))
                .limit(words)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    private static int[] longer(int[] text, int token) {
        int[] longer = Arrays.copyOf(text, text.length + 1);
        longer[text.length] = token;
        return longer;
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

    /** Turns scores into logarithms of probabilities, in place. */
    private static void logSoftmax(double[] scores) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            largest = Math.max(largest, score);
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

    /** The teacher's own ids of the words, ascending; a copy. */
    public int[] tokens() {
        return tokens.clone();
    }

    /** How many tokens the whole model has, kept or not: its ids lie below. */
    public int vocabulary() {
        return vocabulary;
    }

    @Override
    public int words() {
        return tokens.length;
    }

    @Override
    public int longest() {
        return longest;
    }

    @Override
    public double lengthProbability(int length) {
        return length < shortest || length > longest ? 0 : 1.0 / (longest - shortest + 1);
    }

    @Override
    public int[] sample(RandomGenerator random) {
        return masked(random, 1).sentences()[0];
    }

    /** As the others do, but word by word for all sentences at once; each sentence has a stream of its own. */
    @Override
    public MaskedSentences masked(RandomGenerator random, int count) {
        RandomGenerator[] streams = new RandomGenerator[count];
        int[][] sentences = new int[count][];
        int[] positions = new int[count];
        for (int i = 0; i < count; i++) {
            streams[i] = Seeds.generator(random.nextLong(), "teacher/sentence");
            sentences[i] = new int[shortest + streams[i].nextInt(longest - shortest + 1)];
        }
        for (int t = 0; t < longest; t++) {
            int at = t;
            int[] going = IntStream.range(0, count)
                    .filter(i -> sentences[i].length > at)
                    .toArray();
            if (going.length == 0) {
                break;
            }
            int[][] texts = new int[going.length][];
            for (int i = 0; i < going.length; i++) {
                texts[i] = text(sentences[going[i]], t);
            }
            double[][] next = scorer.last(texts, words());
            for (int i = 0; i < going.length; i++) {
                probabilities(next[i]);
                sentences[going[i]][t] = draw(streams[going[i]], next[i]);
            }
        }
        for (int i = 0; i < count; i++) {
            positions[i] = streams[i].nextInt(sentences[i].length);
        }
        return new MaskedSentences(sentences, positions);
    }

    private void probabilities(double[] scores) {
        logarithms(scores);
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.exp(scores[i]);
        }
    }

    private void logarithms(double[] scores) {
        for (int i = 0; i < scores.length; i++) {
            scores[i] /= temperature;
        }
        logSoftmax(scores);
    }

    /** The start token and the first words, as the scorer reads them. */
    private int[] text(int[] sentence, int words) {
        int[] text = new int[words + 1];
        text[0] = tokens.length;
        System.arraycopy(sentence, 0, text, 1, words);
        return text;
    }

    @Override
    public double logProbability(int[] sentence) {
        Vocabulary.check(sentence, words());
        if (sentence.length < shortest || sentence.length > longest) {
            return Double.NEGATIVE_INFINITY;
        }
        return Math.log(lengthProbability(sentence.length)) + behind(new int[][] {sentence}, 0)[0];
    }

    @Override
    public double[] conditional(int[] sentence, int position) {
        Vocabulary.check(sentence, words(), shortest, longest);
        double[] row = scorer.last(new int[][] {text(sentence, position)}, words())[0];
        logarithms(row);
        if (position + 1 < sentence.length) {
            int[][] candidates = new int[words()][];
            for (int word = 0; word < candidates.length; word++) {
                candidates[word] = sentence.clone();
                candidates[word][position] = word;
            }
            double[] after = behind(candidates, position + 1);
            for (int word = 0; word < row.length; word++) {
                row[word] += after[word];
            }
            logSoftmax(row);
        }
        for (int word = 0; word < row.length; word++) {
            row[word] = Math.exp(row[word]);
        }
        return row;
    }

    @Override
    public double[][] nextWords(int[] sentence) {
        Vocabulary.check(sentence, words(), shortest, longest);
        int[][] text = {text(sentence, sentence.length - 1)};
        double[][] rows = scorer.scores(text, 0, words());
        for (double[] row : rows) {
            probabilities(row);
        }
        return rows;
    }

    /** For each sentence, all as long, the log probability of the words from {@code from} on given those before them. */
    private double[] behind(int[][] sentences, int from) {
        int length = sentences[0].length;
        double[] sums = new double[sentences.length];
        int places = length - from;
        int part = Math.clamp(
                Math.min(TOKENS_AT_ONCE / length, SCORES_AT_ONCE / (places * (words() + 1))), 1, sentences.length);
        for (int first = 0; first < sentences.length; first += part) {
            int[][] texts = new int[Math.min(part, sentences.length - first)][];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = text(sentences[first + i], length - 1);
            }
            double[][] scores = scorer.scores(texts, from, words());
            for (int i = 0; i < texts.length; i++) {
                for (int t = from; t < length; t++) {
                    double[] next = scores[i * places + t - from];
                    logarithms(next);
                    sums[first + i] += next[sentences[first + i][t]];
                }
            }
        }
        return sums;
    }

    @Override
    public Optional<List<int[]>> sentences(int limit) {
        return Enumeration.byBeginnings(this, limit, (_, _) -> true);
    }

    /** Forward passes of one network, whose weights lie in the engine once. Thread-safe. */
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

        /** The language is the same wherever those who draw from it compute. */
        private static Devices.Use cpu() {
            return Devices.use(Devices.CPU);
        }

        @Override
        public void close() {
            home.close();
        }

        /** What may follow each text: the scores of the first {@code tokens} tokens. */
        double[][] last(int[][] texts, int tokens) {
            double[][] rows = new double[texts.length][];
            int length =
                    Arrays.stream(texts).mapToInt(text -> text.length).max().orElseThrow();
            int part = Math.clamp(
                    Math.min(TOKENS_AT_ONCE / length, SCORES_AT_ONCE / network.vocabulary()), 1, texts.length);
            for (int first = 0; first < texts.length; first += part) {
                int[][] some = Arrays.copyOfRange(texts, first, Math.min(texts.length, first + part));
                int[] sequences = IntStream.range(0, some.length).toArray();
                int[] places =
                        Arrays.stream(some).mapToInt(text -> text.length - 1).toArray();
                double[][] scores = run(TokenBatch.at(some, sequences, places), tokens);
                System.arraycopy(scores, 0, rows, first, scores.length);
            }
            return rows;
        }

        /** Scores at every place of texts that are all as long, from {@code from} on: text by text, then place by place. */
        double[][] scores(int[][] texts, int from, int tokens) {
            int places = texts[0].length - from;
            int[] sequences = new int[texts.length * places];
            int[] positions = new int[sequences.length];
            for (int i = 0; i < sequences.length; i++) {
                sequences[i] = i / places;
                positions[i] = from + i % places;
            }
            return run(TokenBatch.at(texts, sequences, positions), tokens);
        }

        private double[][] run(TokenBatch batch, int tokens) {
            double[] flat = Torch.unrecorded(() -> {
                try (Devices.Use _ = cpu();
                        NDManager scope = Torch.scope()) {
                    // A handle of this pass alone on the same numbers: results belong to it, and other threads have
                    // theirs.
                    NDArray own = Torch.view(theta, theta.size());
                    own.attach(scope);
                    return network.logits(own, batch).toDoubleArray();
                }
            });
            double[][] rows = new double[batch.predictions()][];
            for (int place = 0; place < rows.length; place++) {
                int at = place * network.vocabulary();
                rows[place] = Arrays.copyOfRange(flat, at, at + tokens);
            }
            return rows;
        }
    }
}

package basin.evaluator.protocol;

import basin.evaluator.task.Examples;
import basin.evaluator.task.TaskData;
import basin.study.Ids;
import basin.study.ProtocolSpec;
import basin.study.Refusal;
import basin.study.Sha256;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A linear classifier on the frozen states of all tokens, including the start token. The states are
 * taken after the final LayerNorm, without standardisation. The classifier is trained in float32
 * whatever the network's dtype. Thread-safe.
 */
final class LinearProbe {
    /**
     * Largest size of cached states, in numbers (32 MiB). Other protocols and tasks reuse the
     * states of a task's sentences.
     */
    private static final long MAX_CACHED_NUMBERS = 8L << 20;

    private final Memory<String, float[]> states = new Memory<>(8);

    /** Returns the accuracies on the test examples, one per repetition. */
    Accuracies evaluate(TokenStates source, TaskData data, ProtocolSpec.LinearProbe spec) throws InterruptedException {
        Features features = features(source, data.sentences(), spec);
        Features test = features.rows(0, data.test().size());
        var training = new SoftmaxRegression.Training(spec.epochs(), spec.batch(), spec.learningRate());
        List<Double> accuracies = new ArrayList<>();
        int from = data.test().size();
        for (int repetition = 0; repetition < data.training().size(); repetition++) {
            Examples examples = data.training().get(repetition);
            Features own = features.rows(from, from + examples.size());
            from += examples.size();
            accuracies.add(
                    SoftmaxRegression.train(own, examples.labels(), data.classes(), training, spec.seed(), repetition)
                            .accuracy(test, data.test().labels()));
        }
        return new Accuracies(accuracies, data.test().size());
    }

    /** Returns the features of sentences, one sentence per row. */
    Features features(TokenStates source, int[][] sentences, ProtocolSpec.LinearProbe spec)
            throws InterruptedException {
        int width = source.width();
        int sequence = source.sequence();
        int columns = spec.features() == ProtocolSpec.Features.MEAN ? width : sequence * width;
        int dimensions = spec.project() == 0 ? columns : spec.project();
        long numbers = (long) sentences.length * dimensions;
        if (numbers > Integer.MAX_VALUE / 4) {
            throw new Refusal("the features of " + sentences.length + " sentences have " + dimensions
                    + " numbers each: give fewer labels or tests, or project to fewer dimensions, so that they fit in"
                    + " memory.");
        }
        Projection projection = Projection.of(columns, spec.project(), spec.seed());
        float[] values = new float[(int) numbers];
        read(source, sentences, (from, to, part) -> {
            float[] pooled = spec.features() == ProtocolSpec.Features.MEAN
                    ? means(part, sentences, from, to, sequence, width)
                    : part;
            if (spec.project() == 0) {
                System.arraycopy(pooled, 0, values, from * columns, (to - from) * columns);
            } else {
                for (int i = from; i < to; i++) {
                    projection.project(pooled, (i - from) * columns, values, i * dimensions);
                }
            }
        });
        return Features.of(values, dimensions);
    }

    /** Reads states. Those of a network are cached if they are few enough. */
    private void read(TokenStates source, int[][] sentences, TokenStates.Taker taker) throws InterruptedException {
        int row = source.sequence() * source.width();
        if (!(source instanceof EvaluatedNetwork network) || (long) sentences.length * row > MAX_CACHED_NUMBERS) {
            source.read(sentences, taker);
            return;
        }
        float[] all = states.get(Ids.of(network.digest(), digest(sentences)), () -> {
            float[] joined = new float[sentences.length * row];
            source.read(
                    sentences, (from, to, part) -> System.arraycopy(part, 0, joined, from * row, (to - from) * row));
            return joined;
        });
        TokenStates.forEachPart(
                sentences.length,
                "reading states",
                (from, to) -> taker.take(from, to, Arrays.copyOfRange(all, from * row, to * row)));
    }

    /** Returns the mean state over each sentence's own tokens, [to − from, width]. */
    private static float[] means(float[] states, int[][] sentences, int from, int to, int sequence, int width) {
        float[] means = new float[(to - from) * width];
        for (int i = from; i < to; i++) {
            int tokens = sentences[i].length + 1;
            int own = (i - from) * width;
            for (int t = 0; t < tokens; t++) {
                int state = ((i - from) * sequence + t) * width;
                for (int k = 0; k < width; k++) {
                    means[own + k] += states[state + k];
                }
            }
            for (int k = 0; k < width; k++) {
                means[own + k] /= tokens;
            }
        }
        return means;
    }

    private static String digest(int[][] sentences) {
        int size = Arrays.stream(sentences)
                .mapToInt(sentence -> sentence.length + 1)
                .sum();
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(size, Integer.BYTES));
        for (int[] sentence : sentences) {
            bytes.putInt(sentence.length);
            for (int word : sentence) {
                bytes.putInt(word);
            }
        }
        return Sha256.hex(bytes.array());
    }
}

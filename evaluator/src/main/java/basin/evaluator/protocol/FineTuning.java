package basin.evaluator.protocol;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import basin.evaluator.task.Examples;
import basin.evaluator.task.TaskData;
import basin.network.AdamW;
import basin.network.CrossEntropy;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import basin.study.ProtocolSpec;
import basin.study.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fine-tunes all weights of a network together with a linear classifier. The classifier reads the
 * state that represents the sentence: the start token's in a masked network, the last word's in a
 * causal one. AdamW minimises the mean cross-entropy of shuffled batches, with PyTorch's default
 * constants. The learning rate rises linearly over the warm-up and then falls linearly towards
 * zero. The classifier starts from normal weights of standard deviation .02, without biases. Passes
 * use the network's dtype; weights and moments are float32. Thread-safe.
 */
final class FineTuning {
    private static final double HEAD_DEVIATION = 0.02;

    private FineTuning() {}

    /** Returns the accuracies on the test examples, one per repetition. */
    static Accuracies evaluate(EvaluatedNetwork network, TaskData data, ProtocolSpec.FineTune spec)
            throws InterruptedException {
        List<Double> accuracies = new ArrayList<>();
        for (int repetition = 0; repetition < data.training().size(); repetition++) {
            Tuned tuned = new Tuned(network, data.classes(), spec, repetition);
            tuned.train(data.training().get(repetition));
            accuracies.add(tuned.accuracy(data.test()));
        }
        return new Accuracies(accuracies, data.test().size());
    }

    /**
     * Returns the learning rate of a step, counted from 1. It rises over the warm-up, then falls,
     * and never reaches zero.
     */
    static double learningRate(ProtocolSpec.FineTune spec, int step, int steps) {
        int warmup = spec.warmupSteps();
        return step <= warmup
                ? spec.learningRate() * step / warmup
                : spec.learningRate() * (steps - step + 1) / (steps - warmup + (warmup == 0 ? 0 : 1));
    }

    /** The network and classifier of one repetition. Not thread-safe. */
    private static final class Tuned {
        private final EvaluatedNetwork network;
        private final int classes;
        private final ProtocolSpec.FineTune spec;
        private final int repetition;
        private final Trained body;
        private final Trained head;

        Tuned(EvaluatedNetwork network, int classes, ProtocolSpec.FineTune spec, int repetition) {
            this.network = network;
            this.classes = classes;
            this.spec = spec;
            this.repetition = repetition;
            this.body = new Trained(
                    network.theta().clone(), AdamW.decays(network.model().shape()));
            int weights = classes * network.width();
            double[] draws = new double[weights];
            Seeds.gaussian(Seeds.generator(spec.seed(), "fine-tune/head", repetition), draws);
            float[] start = new float[weights + classes];
            float[] decays = new float[weights + classes];
            for (int i = 0; i < weights; i++) {
                start[i] = (float) (HEAD_DEVIATION * draws[i]);
                decays[i] = 1;
            }
            this.head = new Trained(start, decays);
        }

        void train(Examples examples) throws InterruptedException {
            int steps = spec.epochs() * Math.ceilDiv(examples.size(), spec.batch());
            int step = 0;
            for (int epoch = 0; epoch < spec.epochs(); epoch++) {
                int[] order = Seeds.permutation(
                        Seeds.generator(spec.seed(), "fine-tune/order", repetition, epoch), examples.size());
                for (int from = 0; from < order.length; from += spec.batch()) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException("Interrupted while fine-tuning.");
                    }
                    int[] rows = Arrays.copyOfRange(order, from, Math.min(order.length, from + spec.batch()));
                    step++;
                    step(step, learningRate(spec, step, steps), examples, rows);
                }
            }
        }

        private void step(int step, double learningRate, Examples examples, int[] rows) {
            TokenBatch batch = network.model()
                    .plain(Arrays.stream(rows)
                            .mapToObj(row -> examples.sentences()[row])
                            .toArray(int[][]::new));
            float[] targets = new float[rows.length * classes];
            for (int i = 0; i < rows.length; i++) {
                targets[i * classes + examples.labels()[rows[i]]] = 1;
            }
            NDList gradients;
            try (NDManager scope = Torch.scope()) {
                NDArray theta = Torch.leaf(network.array(scope, body.theta));
                NDArray classifier = Torch.leaf(network.array(scope, head.theta));
                NDArray loss = Torch.recording(() -> CrossEntropy.of(
                        scores(theta, classifier, batch),
                        network.array(scope, targets).reshape(new Shape(rows.length, classes))));
                gradients = Torch.gradients(loss, List.of(theta, classifier));
                body.step(step, learningRate, floats(gradients.get(0)));
                head.step(step, learningRate, floats(gradients.get(1)));
            }
        }

        double accuracy(Examples examples) throws InterruptedException {
            int[] right = new int[1];
            TokenStates.forEachPart(examples.size(), "testing", (from, to) -> {
                float[] scores = scores(Arrays.copyOfRange(examples.sentences(), from, to));
                for (int i = from; i < to; i++) {
                    right[0] += SoftmaxRegression.first(scores, (i - from) * classes, classes) == examples.labels()[i]
                            ? 1
                            : 0;
                }
            });
            return (double) right[0] / examples.size();
        }

        private float[] scores(int[][] sentences) {
            return Torch.unrecorded(() -> {
                try (NDManager scope = Torch.scope()) {
                    return floats(scores(
                            network.array(scope, body.theta),
                            network.array(scope, head.theta),
                            network.model().plain(sentences)));
                }
            });
        }

        private NDArray scores(NDArray theta, NDArray classifier, TokenBatch batch) {
            long width = network.width();
            NDList parts = Torch.split(classifier, new long[] {classes * width, classes});
            return Torch.linear(
                    network.model().network().sentenceStates(theta, batch),
                    Torch.view(parts.get(0), classes, width),
                    parts.get(1));
        }

        private static float[] floats(NDArray array) {
            return array.toType(DataType.FLOAT32, false).toFloatArray();
        }
    }

    /** Weights with their first and second moments, modified in place. */
    @SuppressWarnings("ArrayRecordComponent") // Modified in inner loops.
    private record Trained(float[] theta, float[] first, float[] second, float[] decays) {
        Trained(float[] theta, float[] decays) {
            this(theta, new float[theta.length], new float[theta.length], decays);
        }

        void step(int step, double learningRate, float[] gradient) {
            SoftmaxRegression.OPTIMISER.step(step, learningRate, theta, gradient, first, second, decays);
        }
    }
}

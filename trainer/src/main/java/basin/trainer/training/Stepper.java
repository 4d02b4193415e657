package basin.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import basin.language.SentenceSource;
import basin.network.AdamW;
import basin.network.LanguageModel;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import basin.study.AlgorithmSpec;
import basin.study.RunSpec;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * An optimiser loop over one run's weights. Gradients come from the engine, updates run in Java on
 * flat arrays. Not thread-safe.
 */
final class Stepper implements AutoCloseable {
    private final NDManager home = Torch.scope();
    private final LanguageModel model;
    private final Optimiser optimiser;
    private final Optional<Double> rho;
    private final Optional<WeightAverage> average;
    private final Optional<Adversary> adversary;
    private final float[] decays;
    private final float[] theta;
    private final List<float[]> moments;
    private final NDArray leaf;
    private int step;

    /**
     * Creates a stepper with the run's algorithm, from a state of the run.
     *
     * @param language the run's source of sentences
     */
    Stepper(LanguageModel model, RunSpec spec, SentenceSource language, TrainingState state) {
        AlgorithmSpec algorithm = spec.algorithm();
        this.model = model;
        this.optimiser = Optimiser.of(spec);
        this.rho = algorithm.part(AlgorithmSpec.Sam.class).map(AlgorithmSpec.Sam::rho);
        this.average = algorithm
                .part(AlgorithmSpec.Average.class)
                .map(own -> new WeightAverage(own, spec.training().steps(), state.average()));
        this.adversary = algorithm.part(AlgorithmSpec.Adversarial.class).map(own -> new Adversary(own, language));
        this.decays = AdamW.decays(model.shape());
        this.theta = state.theta().clone();
        this.moments = copies(state.moments());
        this.step = state.step();
        this.leaf = Torch.leaf(home.create(theta));
    }

    private static List<float[]> copies(List<float[]> arrays) {
        return arrays.stream().map(float[]::clone).toList();
    }

    /**
     * Takes one step and returns the loss before it, in nats per prediction. If that loss, or the
     * loss at SAM's perturbed weights, is not finite, nothing changes.
     *
     * @param now the step's number, from 1
     * @return the loss, not finite if no step was taken
     */
    double step(int now, double learningRate, TokenBatch batch) {
        float[] gradient = new float[theta.length];
        Optional<AdversaryBatch> heldOut = adversary.map(own -> own.heldOut(now));
        double loss = gradient(batch, heldOut, gradient);
        if (rho.isPresent() && Double.isFinite(loss)) {
            leaf(ascended(gradient, rho.get()));
            double above = gradient(batch, heldOut, gradient);
            loss = Double.isFinite(above) ? loss : above;
        }
        if (Double.isFinite(loss)) {
            optimiser.update().step(now, learningRate, theta, gradient, moments, decays);
            average.ifPresent(own -> own.add(now, theta));
            step = now;
        }
        leaf(theta);
        return loss;
    }

    /** Returns the pre-training loss at the leaf, and writes the gradient of the objective. */
    private double gradient(TokenBatch batch, Optional<AdversaryBatch> heldOut, float[] gradient) {
        try (NDManager scope = Torch.scope(home)) {
            leaf.attach(scope);
            try {
                NDArray value = Torch.recording(() -> model.loss(leaf, batch));
                double loss = value.getFloat();
                NDArray minimised = adversary.isEmpty()
                        ? value
                        : Torch.recording(() -> adversary.get().against(value, model, leaf, heldOut.orElseThrow()));
                float[] found = Torch.gradient(minimised, leaf).toFloatArray();
                System.arraycopy(found, 0, gradient, 0, found.length);
                return loss;
            } finally {
                leaf.attach(home);
            }
        }
    }

    /** Returns θ + ρg/‖g‖, or θ if the gradient is zero. */
    private float[] ascended(float[] gradient, double far) {
        double squares = 0;
        for (float one : gradient) {
            squares += (double) one * one;
        }
        double scale = squares > 0 ? far / Math.sqrt(squares) : 0;
        float[] above = new float[theta.length];
        for (int i = 0; i < above.length; i++) {
            above[i] = (float) (theta[i] + scale * gradient[i]);
        }
        return above;
    }

    private void leaf(float[] values) {
        boolean _ = Torch.unrecorded(() -> {
            leaf.set(FloatBuffer.wrap(values));
            return true;
        });
    }

    /** Returns a copy of the trained weights. */
    float[] theta() {
        return theta.clone();
    }

    /**
     * Returns the weights that a checkpoint publishes, which are the average if the algorithm has
     * one.
     */
    float[] published() {
        return average.map(own -> own.at(step, theta)).orElseGet(this::theta);
    }

    /** Returns a copy of the run's state after the last step. */
    TrainingState state(long tokens, int segment, List<Double> reached, double excess) {
        double[] sums = average.map(WeightAverage::sums).orElseGet(() -> new double[0]);
        return new TrainingState(step, tokens, segment, reached, excess, theta(), copies(moments), sums);
    }

    @Override
    public void close() {
        home.close();
    }
}

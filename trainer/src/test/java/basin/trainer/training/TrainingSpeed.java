package basin.trainer.training;

import basin.language.study.Networks;
import basin.network.EncoderShape;
import basin.network.Initialisation;
import basin.network.LanguageModel;
import basin.network.TokenBatch;
import basin.study.CheckpointSpec;
import basin.study.LanguageSpec;
import basin.study.PlatformSpec;
import basin.study.RunSpec;
import basin.study.Schedule;
import basin.study.Seeds;
import basin.study.SizeSpec;
import basin.study.TrainingSpec;
import basin.study.ValidationSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** A benchmark of the training step on uniformly random sentences. Single-threaded. */
public final class TrainingSpeed {
    private static final int WARM_UP = 20;

    private TrainingSpeed() {}

    /**
     * A measurement.
     *
     * @param millis median time of a step in milliseconds
     * @param tokens tokens per step, start tokens included
     * @param lastLoss loss of the last step in nats; another implementation with the same data must
     *     reach the same
     */
    public record Speed(double millis, long tokens, double lastLoss) {}

    /** Returns the sentences of step {@code step}, the same for every compared implementation. */
    public static int[][] sentences(EncoderShape shape, int batch, int step) {
        RandomGenerator random = Seeds.generator(11, "speed", step);
        int[][] sentences = new int[batch][shape.maxLength()];
        for (int[] sentence : sentences) {
            Arrays.setAll(sentence, t -> random.nextInt(shape.vocabularySize()));
        }
        return sentences;
    }

    /** Returns the masked positions of step {@code step}. */
    public static int[] positions(EncoderShape shape, int batch, int step) {
        RandomGenerator random = Seeds.generator(11, "speed-positions", step);
        return random.ints(batch, 0, shape.maxLength()).toArray();
    }

    /** Returns the initial weights. */
    public static float[] weights(EncoderShape shape) {
        return Initialisation.of(shape, 0.02, 12);
    }

    /**
     * Takes steps and measures their time.
     *
     * @param shortcut whether only the masked position is computed above the last layer's keys and
     *     values
     */
    public static Speed measure(EncoderShape shape, int batch, int steps, boolean shortcut) {
        RunSpec spec = new RunSpec(
                new LanguageSpec.Tree(2, 3, 2, 6, 1),
                new SizeSpec("speed", 8, 1, 2, 0),
                RunSpec.ADAMW,
                1e-3,
                1,
                new TrainingSpec(steps, batch, Schedule.CONSTANT, 0, 0.9, 0.98, 1e-6, 0.01, 0.02, Optional.empty()),
                new CheckpointSpec(Optional.empty(), 0, List.of()),
                new ValidationSpec(512, 64, 10, 1),
                PlatformSpec.CPU,
                Optional.empty(),
                Optional.empty());
        TrainingState state = TrainingState.initial(spec, weights(shape));
        double[] millis = new double[steps];
        double loss = Double.NaN;
        try (Stepper stepper = new Stepper(LanguageModel.of(shape), spec, Networks.language(spec), state)) {
            for (int step = 1; step <= steps; step++) {
                int[][] sentences = sentences(shape, batch, step);
                int[] positions = positions(shape, batch, step);
                long start = System.nanoTime();
                TokenBatch masked = TokenBatch.masked(sentences, positions);
                loss = stepper.step(step, 1e-3, shortcut ? masked : everywhere(masked));
                millis[step - 1] = (System.nanoTime() - start) / 1e6;
            }
        }
        double[] counted = Arrays.copyOfRange(millis, WARM_UP, steps);
        Arrays.sort(counted);
        return new Speed(counted[counted.length / 2], (long) batch * shape.longestSequence(), loss);
    }

    /**
     * Returns a batch with logits for every token, of which only masked ones have a weight in the
     * loss. It gives the same loss without the shortcut.
     */
    private static TokenBatch everywhere(TokenBatch masked) {
        int length = masked.length();
        int[] tokens = IntStream.range(0, masked.size() * length).toArray();
        double[][] targets = new double[tokens.length][0];
        int[] labels = new int[tokens.length];
        for (int i = 0; i < masked.size(); i++) {
            int at = i * length + masked.placeOf(i);
            targets[at] = new double[] {length};
            labels[at] = masked.firstTargetOf(i);
        }
        return masked.predictingAt(
                        IntStream.of(tokens).map(token -> token / length).toArray(),
                        IntStream.of(tokens).map(token -> token % length).toArray())
                .withTargets(labels, targets);
    }
}

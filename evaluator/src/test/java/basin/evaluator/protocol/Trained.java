package basin.evaluator.protocol;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import basin.language.Language;
import basin.language.study.Languages;
import basin.language.study.Networks;
import basin.network.AdamW;
import basin.network.EncoderShape;
import basin.network.LanguageModel;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import basin.study.CheckpointSpec;
import basin.study.LanguageSpec;
import basin.study.PlatformSpec;
import basin.study.RunSpec;
import basin.study.Schedule;
import basin.study.Seeds;
import basin.study.SizeSpec;
import basin.study.TrainingSpec;
import basin.study.ValidationSpec;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A run on a small language with its network after some steps of masked pre-training. */
@SuppressWarnings("ArrayRecordComponent") // Read only.
record Trained(RunSpec run, float[] theta) {
    static Trained after(int steps, LanguageSpec language, int width) {
        RunSpec run = run(language, width);
        Language sentences = Languages.of(language);
        EncoderShape shape = Networks.encoder(run, run.size());
        LanguageModel model = LanguageModel.of(shape);
        float[] theta = Networks.initial(run);
        float[] first = new float[theta.length];
        float[] second = new float[theta.length];
        AdamW adam = new AdamW(0.9, 0.98, 1e-6, 0.01);
        RandomGenerator random = Seeds.generator(1, "test-training");
        for (int step = 1; step <= steps; step++) {
            int[][] words = new int[64][];
            int[] positions = new int[words.length];
            for (int i = 0; i < words.length; i++) {
                words[i] = sentences.sample(random);
                positions[i] = random.nextInt(words[i].length);
            }
            TokenBatch batch = TokenBatch.masked(words, positions);
            try (NDManager scope = Torch.scope()) {
                NDArray leaf = Torch.leaf(scope.create(theta));
                NDArray loss = Torch.recording(() -> model.loss(leaf, batch));
                adam.step(
                        step,
                        5e-3,
                        theta,
                        Torch.gradient(loss, leaf).toFloatArray(),
                        first,
                        second,
                        AdamW.decays(shape));
            }
        }
        return new Trained(run, theta);
    }

    static RunSpec run(LanguageSpec language, int width) {
        return new RunSpec(
                language,
                new SizeSpec("d" + width, width, 2, 2, 0),
                RunSpec.ADAMW,
                5e-3,
                1,
                new TrainingSpec(100, 64, Schedule.CONSTANT, 0, 0.9, 0.98, 1e-6, 0.01, 0.02, Optional.empty()),
                new CheckpointSpec(Optional.empty(), 100, List.of()),
                new ValidationSpec(100, 100, 50, 1),
                PlatformSpec.CPU,
                Optional.empty(),
                Optional.empty());
    }

    EvaluatedNetwork network() {
        return EvaluatedNetwork.of(Networks.model(run), theta, PlatformSpec.CPU);
    }
}

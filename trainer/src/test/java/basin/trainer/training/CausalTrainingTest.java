package basin.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import basin.language.Language;
import basin.language.OptimalLoss;
import basin.language.study.Languages;
import basin.language.study.Networks;
import basin.network.EncoderShape;
import basin.network.LanguageModel;
import basin.network.engine.Torch;
import basin.study.CheckpointSpec;
import basin.study.LanguageSpec;
import basin.study.Objective;
import basin.study.PlatformSpec;
import basin.study.RunSpec;
import basin.study.Schedule;
import basin.study.SizeSpec;
import basin.study.TrainingSpec;
import basin.study.ValidationSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Tests of causal runs: convergence towards the exact optimum, and equality however they are split
 * into segments.
 */
class CausalTrainingTest {
    private static final LanguageSpec TREE = new LanguageSpec.Tree(2, 3, 2, 6, 1);
    /** A language with sentences of several lengths. */
    private static final LanguageSpec RANDOM = new LanguageSpec.RandomGrammar(3, 3, 5, 1);

    private static RunSpec run(LanguageSpec language, int steps, int every) {
        return new RunSpec(
                language,
                new SizeSpec("d8", 8, 1, 2, 0),
                RunSpec.ADAMW,
                0.02,
                5,
                new TrainingSpec(
                        steps, 32, Schedule.LINEAR, 0.1, 0.9, 0.98, 1e-6, 0.01, 0.1, Optional.of(Objective.CAUSAL)),
                new CheckpointSpec(Optional.empty(), every, List.of()),
                new ValidationSpec(256, 64, 50, 3),
                PlatformSpec.CPU,
                Optional.empty(),
                Optional.empty());
    }

    private static List<PreTraining.Advance> all(RunSpec spec) throws Exception {
        List<PreTraining.Advance> advances = new ArrayList<>();
        TrainingState state = new PreTraining().initial(spec);
        while (state.step() < spec.training().steps()) {
            PreTraining.Advance advance = new PreTraining().advance("run", spec, state, loss -> {});
            advances.add(advance);
            state = TrainingState.decode(advance.state().encode(), state.theta().length);
        }
        return advances;
    }

    @Test
    void theLossComesCloseToTheExactOptimumAndARunIsTheSameHoweverItIsCut() throws Exception {
        RunSpec spec = run(TREE, 400, 100);
        List<PreTraining.Advance> cut = all(spec);
        Language language = Languages.of(spec.language());
        OptimalLoss optimum = OptimalLoss.of(language, Objective.CAUSAL, 2, 0);
        assertThat(cut.getLast().loss().optimum().orElseThrow().value()).isEqualTo(optimum.nats());
        // An untrained network predicts almost uniformly: ln of ten tokens, less the optimum.
        double first = cut.getFirst().loss().excess().value();
        double last = cut.getLast().loss().excess().value();
        assertThat(last).isPositive().isLessThan(0.15).isLessThan(first);
        assertThat(all(run(TREE, 400, 0)).getLast().weights())
                .isEqualTo(cut.getLast().weights());
    }

    /**
     * Compares with all sentences of the language one by one. The excess is the mean over sentences
     * of the mean over their words.
     */
    @Test
    void theExcessIsTheMeanDivergenceFromTheExactDistributions() throws Exception {
        RunSpec spec = run(RANDOM, 30, 0);
        PreTraining.Advance advance = all(spec).getLast();
        LanguageModel model = Networks.model(spec);
        assertThat(model.shape().vocabulary()).isEqualTo(EncoderShape.FIRST_WORD + 3 + 5);
        Language language = Languages.of(spec.language());
        ValidationSet validation = ValidationSet.draw(language, spec.validation(), Objective.CAUSAL);
        double sum = 0;
        try (NDManager scope = Torch.scope()) {
            for (int i = 0; i < validation.size(); i++) {
                int[][] sentence = validation.sentences(i, i + 1);
                double[][] exact = language.nextWords(sentence[0]);
                float[] scores = Torch.unrecorded(() -> model.network()
                        .logits(scope.create(advance.state().theta()), model.training(sentence, new int[1]))
                        .toFloatArray());
                int vocabulary = model.shape().vocabulary();
                for (int t = 0; t < exact.length; t++) {
                    double total = 0;
                    for (int token = 0; token < vocabulary; token++) {
                        total += Math.exp(scores[t * vocabulary + token]);
                    }
                    for (int word = 0; word < exact[t].length; word++) {
                        double p = exact[t][word];
                        double q = Math.exp(scores[t * vocabulary + EncoderShape.FIRST_WORD + word]) / total;
                        sum += p > 0 ? p * Math.log(p / q) / exact.length : 0;
                    }
                }
            }
        }
        assertThat(advance.loss().excess().value()).isCloseTo(sum / validation.size(), within(1e-5));
        assertThat(advance.loss().excess().standardError()).isPositive();
    }
}

package basin.it.study;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import basin.aggregator.view.StudyView;
import basin.cli.TinyStudy;
import basin.cli.pipeline.LocalPipeline;
import basin.language.study.Networks;
import basin.log.blob.ChunkedBlobs;
import basin.network.EncoderShape;
import basin.network.TokenBatch;
import basin.network.Weights;
import basin.network.engine.Torch;
import basin.service.CheckpointReader;
import basin.service.WorkerContext;
import basin.study.RunSpec;
import basin.study.StudyPlan;
import basin.trainer.training.PreTraining;
import basin.trainer.training.TrainingState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that the same study gives the same numbers, whichever workers do its work and in whatever
 * order.
 */
class SameStudyTwiceTest {

    @Test
    void allNumbersAreTheSameToTheBit(@TempDir Path one) throws Exception {
        StudyView alone;
        try (LocalPipeline pipeline = LocalPipeline.start(one, 0, 1)) {
            alone = TinyStudy.run(pipeline);
            checkpointsAreWhatTrainingMade(pipeline);
        }
        assertThat(alone.state()).isEqualTo("done");
        assertThat(alone.rows()).anyMatch(row -> row.finding().p().isPresent());
        // Compares losses, traces, accuracies, the table, and the digest of all events.
        assertThat(TinyStudy.json(TinyStudy.undisturbed())).isEqualTo(TinyStudy.json(alone));
    }

    private static void checkpointsAreWhatTrainingMade(LocalPipeline pipeline) throws Exception {
        StudyPlan.PlannedRun run = StudyPlan.runs(TinyStudy.SPEC).getLast();
        PreTraining training = new PreTraining();
        try (WorkerContext context = WorkerContext.open(pipeline.endpoint(), "test")) {
            context.view().refresh();
            CheckpointReader reader = new CheckpointReader(context.view(), new ChunkedBlobs(pipeline.endpoint()));
            TrainingState state = training.initial(run.spec());
            List<Integer> steps = new ArrayList<>();
            while (state.step() < run.spec().training().steps()) {
                PreTraining.Advance advance = training.advance(run.runId(), run.spec(), state, loss -> {});
                state = advance.state();
                byte[] read = reader.read(run.runId(), state.step());
                assertThat(read).isEqualTo(advance.weights());
                assertThat(logits(run.spec(), Weights.decode(Networks.shape(run.spec()), read)))
                        .containsExactly(logits(run.spec(), state.theta()));
                steps.add(state.step());
            }
            assertThat(context.view().checkpoints(run.runId()))
                    .extracting(stored -> stored.event().step())
                    .isEqualTo(steps);
        }
    }

    private static float[] logits(RunSpec spec, float[] theta) {
        EncoderShape shape = Networks.encoder(spec, spec.size());
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                int[][] sentences = {{0, 1, 2, 3}, {5, 4, 3, 2}};
                return shape.network()
                        .logits(scope.create(theta), TokenBatch.masked(sentences, new int[] {0, 3}))
                        .toFloatArray();
            }
        });
    }
}

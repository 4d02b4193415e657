package basin.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import basin.language.study.Networks;
import basin.network.Weights;
import basin.network.engine.DeviceAbsentException;
import basin.network.engine.Devices;
import basin.record.Event;
import basin.study.CheckpointSpec;
import basin.study.LanguageSpec;
import basin.study.PlatformSpec;
import basin.study.Refusal;
import basin.study.RunSpec;
import basin.study.Schedule;
import basin.study.SizeSpec;
import basin.study.StartSpec;
import basin.study.TrainingSpec;
import basin.study.Trigger;
import basin.study.ValidationSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Tests of a run from checkpoint to checkpoint: what it publishes, and equality however it is split
 * into segments.
 */
class PreTrainingTest {

    private static RunSpec run(double learningRate, CheckpointSpec checkpoints) {
        return run(learningRate, checkpoints, 10);
    }

    private static RunSpec run(double learningRate, CheckpointSpec checkpoints, int every) {
        return run(learningRate, checkpoints, every, PlatformSpec.CPU);
    }

    private static RunSpec run(double learningRate, CheckpointSpec checkpoints, int every, PlatformSpec platform) {
        return new RunSpec(
                new LanguageSpec.Tree(2, 3, 2, 6, 1),
                new SizeSpec("d8", 8, 1, 2, 0),
                RunSpec.ADAMW,
                learningRate,
                5,
                new TrainingSpec(120, 32, Schedule.LINEAR, 0.1, 0.9, 0.98, 1e-6, 0.01, 0.1, Optional.empty()),
                checkpoints,
                new ValidationSpec(512, 64, every, 3),
                platform,
                Optional.empty(),
                Optional.empty());
    }

    private static List<PreTraining.Advance> all(RunSpec spec, boolean throughBytes) throws Exception {
        PreTraining training = new PreTraining();
        List<PreTraining.Advance> advances = new ArrayList<>();
        TrainingState state = training.initial(spec);
        while (state.step() < spec.training().steps()) {
            PreTraining.Advance advance = training.advance("run", spec, state, loss -> {});
            advances.add(advance);
            state = advance.state();
            if (throughBytes) {
                training = new PreTraining();
                state = TrainingState.decode(state.encode(), state.theta().length);
            }
        }
        return advances;
    }

    @Test
    void anInterruptedRunIsTheSameRunBitForBit() throws Exception {
        RunSpec spec = run(0.02, new CheckpointSpec(Optional.empty(), 30, List.of(0.9, 0.6)));
        List<PreTraining.Advance> whole = all(spec, false);
        List<PreTraining.Advance> cut = all(spec, true);
        RunSpec uncut = run(0.02, new CheckpointSpec(Optional.empty(), 0, List.of()));
        assertThat(cut).hasSameSizeAs(whole);
        for (int i = 0; i < whole.size(); i++) {
            assertThat(cut.get(i).weights()).isEqualTo(whole.get(i).weights());
            assertThat(cut.get(i).loss()).isEqualTo(whole.get(i).loss());
            assertThat(cut.get(i).triggers()).isEqualTo(whole.get(i).triggers());
        }
        // Intermediate checkpoints do not change the weights.
        assertThat(all(uncut, false).getLast().weights())
                .isEqualTo(whole.getLast().weights());
    }

    @Test
    void checkpointsComeWhenTheyAreDue() throws Exception {
        RunSpec spec = run(0.02, new CheckpointSpec(Optional.of(new CheckpointSpec.Geometric(20, 2)), 0, List.of(0.9)));
        List<PreTraining.Advance> advances = all(spec, false);
        assertThat(advances)
                .extracting(advance -> advance.state().step())
                .contains(20, 40, 80, 120)
                .isSorted();
        PreTraining.Advance reached = advances.stream()
                .filter(advance -> advance.triggers().contains(new Trigger(Trigger.Kind.EXCESS, 0.9)))
                .findFirst()
                .orElseThrow();
        assertThat(reached.loss().excess().value()).isLessThanOrEqualTo(0.9);
        assertThat(advances.getLast().triggers()).contains(new Trigger(Trigger.Kind.LAST, 120));
        assertThat(advances.getLast().loss().excess().value())
                .isLessThan(advances.getFirst().loss().excess().value());
        assertThat(advances.getLast().state().tokens()).isEqualTo(120L * 32 * 4);
    }

    @Test
    void theLossIsTheOptimumAndTheExcess() throws Exception {
        RunSpec spec = run(0.02, new CheckpointSpec(Optional.empty(), 60, List.of()));
        List<Event.LossMeasured> losses = new ArrayList<>();
        PreTraining training = new PreTraining();
        PreTraining.Advance advance = training.advance("run", spec, training.initial(spec), losses::add);
        assertThat(losses).filteredOn(Event.LossMeasured::full).containsExactly(advance.loss());
        Event.LossMeasured loss = advance.loss();
        assertThat(loss.lossNats())
                .isCloseTo(loss.optimum().orElseThrow().value() + loss.excess().value(), within(1e-12));
        assertThat(loss.excess().value()).isPositive();
        assertThat(loss.excess().standardError()).isPositive();
        assertThat(Weights.decode(Networks.shape(spec), advance.weights()))
                .isEqualTo(advance.state().theta());
    }

    @Test
    void theLossIsLookedAtCloselyOnlyNearATarget() throws Exception {
        List<Double> targets = new ArrayList<>(List.of(0.9, 0.8));
        RunSpec spec = run(0.02, new CheckpointSpec(Optional.empty(), 0, targets), 2);
        List<Event.LossMeasured> losses = new ArrayList<>();
        PreTraining training = new PreTraining();
        TrainingState state = training.initial(spec);
        while (state.step() < spec.training().steps()) {
            state = training.advance("run", spec, state, losses::add).state();
        }
        double excess = Double.POSITIVE_INFINITY;
        List<Integer> expected = new ArrayList<>();
        Set<Integer> strides = new HashSet<>();
        for (int step = 1; step <= spec.training().steps(); step++) {
            int stride = targets.isEmpty() ? 20 : excess <= 1.5 * targets.getFirst() ? 2 : 6;
            int now = step;
            if (step % stride == 0 || step == spec.training().steps()) {
                expected.add(step);
                strides.add(stride);
                Event.LossMeasured last = losses.stream()
                        .filter(loss -> loss.step() == now)
                        .reduce((first, second) -> second)
                        .orElseThrow();
                excess = last.excess().value();
                while (last.full() && !targets.isEmpty() && excess <= targets.getFirst()) {
                    targets.removeFirst();
                }
            }
        }
        assertThat(losses.stream().map(Event.LossMeasured::step).distinct()).containsExactlyElementsOf(expected);
        assertThat(strides).as("all three were seen").containsExactlyInAnyOrder(2, 6, 20);
    }

    @Test
    void aRunThatLeavesTheNumbersSaysSo() {
        RunSpec spec = run(1e30, new CheckpointSpec(Optional.empty(), 0, List.of()));
        PreTraining training = new PreTraining();
        assertThatThrownBy(() -> training.advance("run", spec, training.initial(spec), loss -> {}))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("lower rate");
    }

    @Test
    void aStateOfAnotherNetworkIsRefused() throws Exception {
        TrainingState state = TrainingState.initial(
                run(0.1, new CheckpointSpec(Optional.empty(), 0, List.of())), new float[] {1, 2, 3});
        byte[] bytes = state.encode();
        assertThatThrownBy(() -> TrainingState.decode(bytes, 4)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> TrainingState.decode(java.util.Arrays.copyOf(bytes, bytes.length - 1), 3))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void theRateRisesAndFallsAsTheScheduleSays() {
        RunSpec spec = run(0.1, new CheckpointSpec(Optional.empty(), 0, List.of()));
        assertThat(LearningRate.at(spec, 6)).isCloseTo(0.05, within(1e-12));
        assertThat(LearningRate.at(spec, 12)).isCloseTo(0.1, within(1e-12));
        assertThat(LearningRate.at(spec, 120)).isCloseTo(0.1 / 109, within(1e-12));
    }

    @Test
    void aCudaDeviceTrainsTheSameNetwork() throws Exception {
        assumeThat(Devices.cudaDevices())
                .as("CUDA devices that the engine can compute on")
                .isPositive();
        CheckpointSpec checkpoints = new CheckpointSpec(Optional.empty(), 20, List.of());
        PreTraining.Advance here = all(run(0.002, checkpoints), false).getFirst();
        PreTraining.Advance there = all(run(0.002, checkpoints, 10, new PlatformSpec("cuda:0", "float32")), false)
                .getFirst();
        assertThat(there.loss().excess().value())
                .isCloseTo(
                        here.loss().excess().value(),
                        within(1e-4 * here.loss().excess().value()));
    }

    @Test
    void aDeviceThatIsNotHereEndsNothingOfTheRun() {
        RunSpec elsewhere = run(
                0.02, new CheckpointSpec(Optional.empty(), 30, List.of()), 10, new PlatformSpec("cuda:99", "float32"));
        assertThatThrownBy(() -> all(elsewhere, false))
                .isInstanceOf(DeviceAbsentException.class)
                .hasMessageContaining("'cuda:99', which this machine does not have");
    }

    /**
     * Compares two runs from one checkpoint. They have its weights, zero moments and the same
     * sentences, which differ from those of the run that the checkpoint came from.
     */
    @Test
    void aRunStartsFromACheckpointsWeights() throws Exception {
        RunSpec parent = run(0.02, new CheckpointSpec(Optional.empty(), 60, List.of()));
        PreTraining training = new PreTraining();
        PreTraining.Advance source = training.advance("parent", parent, training.initial(parent), loss -> {});
        double excess = source.loss().excess().value();
        StartSpec start = new StartSpec("0123456789abcdef", 60, Optional.of("c".repeat(64)), Optional.of(excess));
        RunSpec branch = new RunSpec(
                parent.language(),
                parent.size(),
                parent.algorithm(),
                1e-9,
                parent.seed(),
                parent.training(),
                new CheckpointSpec(Optional.empty(), 1, List.of(excess * 1.5, excess / 2)),
                parent.validation(),
                parent.platform(),
                Optional.of(start),
                Optional.empty());
        float[] theta = Weights.decode(Networks.shape(parent), source.weights());
        TrainingState state = TrainingState.initial(branch, theta);
        assertThat(state.theta()).isEqualTo(theta);
        assertThat(state.moments()).allMatch(moment -> {
            for (float one : moment) {
                if (one != 0) {
                    return false;
                }
            }
            return true;
        });
        // Targets that the checkpoint had reached count as reached.
        assertThat(state.reached()).containsExactly(excess * 1.5);
        PreTraining.Advance first = training.advance("branch", branch, state, loss -> {});
        assertThat(first.triggers()).containsExactly(new Trigger(Trigger.Kind.SCHEDULED, 1));
        assertThat(first.loss().excess().value()).isCloseTo(excess, within(1e-4));
        // The weights' hash and the seed determine the sentences. Another checkpoint therefore has
        // other sentences and other gradients.
        RunSpec fast = rated(branch, 0.02);
        RunSpec elsewhere =
                fast.from(new StartSpec("0123456789abcdef", 60, Optional.of("d".repeat(64)), Optional.of(excess)));
        assertThat(advanced(training, fast, theta)).isEqualTo(advanced(new PreTraining(), fast, theta));
        assertThat(advanced(training, elsewhere, theta)).isNotEqualTo(advanced(training, fast, theta));
        TrainingState plain = TrainingState.initial(parent, theta);
        RunSpec without = new RunSpec(
                fast.language(),
                fast.size(),
                fast.algorithm(),
                fast.learningRate(),
                fast.seed(),
                fast.training(),
                fast.checkpoints(),
                fast.validation(),
                fast.platform(),
                Optional.empty(),
                Optional.empty());
        assertThat(training.advance("run", without, plain, loss -> {}).weights())
                .isNotEqualTo(advanced(training, fast, theta));
    }

    private static RunSpec rated(RunSpec spec, double learningRate) {
        return new RunSpec(
                spec.language(),
                spec.size(),
                spec.algorithm(),
                learningRate,
                spec.seed(),
                spec.training(),
                spec.checkpoints(),
                spec.validation(),
                spec.platform(),
                spec.start(),
                spec.ingested());
    }

    private static byte[] advanced(PreTraining training, RunSpec spec, float[] theta) throws Exception {
        return training.advance("run", spec, TrainingState.initial(spec, theta), loss -> {})
                .weights();
    }
}

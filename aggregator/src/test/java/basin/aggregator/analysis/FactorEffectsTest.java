package basin.aggregator.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.aggregator.SyntheticStudy;
import basin.aggregator.fold.CheckpointState;
import basin.aggregator.fold.Fold;
import basin.aggregator.fold.RunState;
import basin.aggregator.fold.StudyState;
import basin.record.Event;
import basin.study.Quantity;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Tests of the effects of duration and size against pairs computed independently from the state.
 */
class FactorEffectsTest {
    private static StudyState state;
    private static List<FactorEffect> rows;

    @BeforeAll
    static void aStudyOfTwoSeedsWithAnAdversary() throws Exception {
        String text = Files.readString(Path.of("src/test/resources/basin/aggregator/quick.yaml"))
                .replace(
                        "algorithms: [adamw]",
                        "algorithms: [adamw, {kind: adversarial, weight: 0.1, task: root, examples: 64, seed: 1,"
                                + " learningRates: [0.006]}]")
                .replace("seeds: [1]", "seeds: [1, 2]");
        StudySpec spec = StudyFile.parse(text, "levers");
        Fold fold = new Fold();
        SyntheticStudy.complete(spec, 1).forEach(fold::add);
        state = fold.study(new Event.StudySubmitted(spec).studyId()).orElseThrow();
        rows = FactorEffects.of(state);
    }

    private static FactorEffect row(FactorEffect.Factor factor, String of, Optional<Double> level, String measure) {
        return rows.stream()
                .filter(row -> row.factor() == factor
                        && row.of().equals(of)
                        && row.level().equals(level)
                        && row.measure().equals(measure)
                        && row.estimator().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private static double logTrace(CheckpointState checkpoint) {
        return Math.log(checkpoint
                .flatness(Quantity.HESSIAN_TRACE)
                .orElseThrow()
                .value()
                .value());
    }

    private static CheckpointState last(RunState run) {
        return run.checkpoints().getLast();
    }

    private static boolean ordinary(RunState run) {
        return !run.declared().spec().algorithm().looksAtATask();
    }

    @Test
    void aLargerNetworkIsSetBesideTheFirstSizeOfItsRateAndSeed() {
        List<RunState> large = state.runs().stream()
                .filter(run ->
                        ordinary(run) && run.declared().spec().size().name().equals("d64"))
                .toList();
        double expected = large.stream()
                .mapToDouble(run -> logTrace(last(run))
                        - logTrace(last(state.runs().stream()
                                .filter(other -> ordinary(other)
                                        && other.declared().spec().size().name().equals("d16")
                                        && other.declared().spec().learningRate()
                                                == run.declared().spec().learningRate()
                                        && other.declared().spec().seed()
                                                == run.declared().spec().seed())
                                .findFirst()
                                .orElseThrow())))
                .average()
                .orElseThrow();
        FactorEffect row = row(FactorEffect.Factor.SIZE, "d64", Optional.empty(), "hessian.trace");
        assertThat(row.reference()).isEqualTo("d16");
        assertThat(row.possible()).isEqualTo(6).isEqualTo(large.size());
        assertThat(row.mean().orElseThrow().pairs()).isEqualTo(6);
        assertThat(row.mean().orElseThrow().mean()).isCloseTo(expected, within(1e-12));
        assertThat(row(FactorEffect.Factor.SIZE, "d64", Optional.empty(), "steps")
                        .mean()
                        .orElseThrow()
                        .mean())
                .isZero();
    }

    @Test
    void trainingOnIsTheLastCheckpointLessTheFirstAtTheLevel() {
        double level = .2;
        double band = state.spec().analysis().band();
        double[] differences = state.runs().stream()
                .filter(FactorEffectsTest::ordinary)
                .filter(run -> ComparedCheckpoints.matched(run, level, band)
                        .filter(first ->
                                first.published().step() < last(run).published().step())
                        .isPresent())
                .mapToDouble(run -> logTrace(last(run))
                        - logTrace(ComparedCheckpoints.matched(run, level, band).orElseThrow()))
                .toArray();
        FactorEffect row =
                row(FactorEffect.Factor.DURATION, FactorEffects.ALL_ARMS, Optional.of(level), "hessian.trace");
        assertThat(row.possible()).isEqualTo(24);
        assertThat(row.mean().orElseThrow().pairs())
                .isEqualTo(differences.length)
                .isPositive();
        assertThat(row.mean().orElseThrow().mean())
                .isCloseTo(java.util.Arrays.stream(differences).average().orElseThrow(), within(1e-12));
        assertThat(row(FactorEffect.Factor.DURATION, FactorEffects.ALL_ARMS, Optional.of(level), "loss")
                        .mean()
                        .orElseThrow()
                        .mean())
                .isNegative();
    }

    @Test
    void theAdversaryIsAnArmOfItsOwnAndInNoMeanOverAll() {
        FactorEffect row =
                row(FactorEffect.Factor.DURATION, "adversarial(task=root,weight=0.1)", Optional.of(.2), "loss");
        assertThat(row.possible()).isEqualTo(8);
        assertThat(rows)
                .filteredOn(one -> one.factor() == FactorEffect.Factor.SIZE)
                .allSatisfy(one -> assertThat(one.possible()).isEqualTo(6));
    }
}

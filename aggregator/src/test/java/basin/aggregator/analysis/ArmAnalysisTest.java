package basin.aggregator.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.aggregator.SyntheticStudy;
import basin.aggregator.fold.Fold;
import basin.aggregator.fold.StudyState;
import basin.aggregator.report.HtmlReportArms;
import basin.aggregator.view.DataTables;
import basin.aggregator.view.ResultTable;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.Views;
import basin.record.Event;
import basin.study.Quantity;
import basin.study.StartSpec;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests of arm comparisons against pairs computed independently from the events. */
class ArmAnalysisTest {
    private static final String FILE = "src/test/resources/basin/aggregator/quick.yaml";

    private static StudySpec spec(String algorithms, String seeds, String more) throws Exception {
        String text = Files.readString(Path.of(FILE))
                .replace("algorithms: [adamw]", "algorithms: " + algorithms)
                .replace("seeds: [1]", "seeds: " + seeds);
        return StudyFile.parse(text + more, "arms");
    }

    private static StudyState state(StudySpec spec, List<Event> events) {
        Fold fold = new Fold();
        events.forEach(fold::add);
        return fold.study(new Event.StudySubmitted(spec).studyId()).orElseThrow();
    }

    private static ArmRow row(List<ArmRow> rows, String arm, ArmRow.At at, String measure) {
        return rows.stream()
                .filter(row ->
                        row.arm().equals(arm) && row.at() == at && row.measure().equals(measure))
                .filter(row -> row.level().isEmpty() || row.level().equals(Optional.of(.2)))
                .findFirst()
                .orElseThrow();
    }

    /** Returns ln of the trace at the last step for one rate, by size and seed. */
    private static Map<String, Double> logTraces(StudySpec spec, List<Event> events, double learningRate) {
        Map<String, Double> found = new TreeMap<>();
        for (StudyPlan.PlannedRun run : StudyPlan.runs(spec)) {
            events.stream()
                    .filter(event -> run.spec().learningRate() == learningRate
                            && event instanceof Event.FlatnessMeasured flat
                            && flat.runId().equals(run.runId())
                            && flat.step() == spec.training().steps()
                            && flat.quantity() == Quantity.HESSIAN_TRACE)
                    .map(event -> ((Event.FlatnessMeasured) event).value().value())
                    .forEach(trace ->
                            found.put(run.spec().size().name() + run.spec().seed(), Math.log(trace)));
        }
        return found;
    }

    @Test
    void ratesArePairedBySizeAndSeed() throws Exception {
        StudySpec spec = spec("[adamw]", "[1, 2]", "");
        List<Event> events = SyntheticStudy.complete(spec, 1);
        List<ArmRow> rows = ArmAnalysis.of(state(spec, events), false);
        assertThat(rows).extracting(ArmRow::arm).containsOnly("adamw · rate 0.006", "adamw · rate 0.012");
        assertThat(rows).extracting(ArmRow::reference).containsOnly("adamw · rate 0.003");
        Map<String, Double> fast = logTraces(spec, events, .012);
        Map<String, Double> slow = logTraces(spec, events, .003);
        ArmRow row = row(rows, "adamw · rate 0.012", ArmRow.At.LAST, "hessian.trace");
        assertThat(row.pairs()).isEqualTo(8).isEqualTo(slow.size());
        assertThat(row.value().orElseThrow())
                .isCloseTo(
                        slow.keySet().stream()
                                .mapToDouble(pair ->
                                        fast.getOrDefault(pair, Double.NaN) - slow.getOrDefault(pair, Double.NaN))
                                .average()
                                .orElseThrow(),
                        within(1e-12));
        assertThat(row.p()).isPresent();
        // Apart from the effect of loss, the trace at the higher rate is (0.003/0.012)^0.8 times as
        // large.
        assertThat(row.interval().orElseThrow().high()).isNegative();
        assertThat(row(rows, "adamw · rate 0.012", ArmRow.At.LAST, "steps").value())
                .contains(0.0);
        ArmRow matched = row(rows, "adamw · rate 0.012", ArmRow.At.MATCHED, "steps");
        assertThat(matched.value().orElseThrow()).isNegative();
        assertThat(row(rows, "adamw · rate 0.012", ArmRow.At.MATCHED, "loss")
                        .value()
                        .orElseThrow())
                .isBetween(-.02, .02);
    }

    @Test
    void anArmMayBeNamedAsReferenceAndSamCostsTwoGradients() throws Exception {
        StudySpec spec = spec(
                "[adamw, {kind: sam, rho: 0.05, learningRates: [0.006]}, {kind: adamw, learningRates: [0.006], steps:"
                        + " 4000}]",
                "[1]",
                "reference: sam(rho=0.05)\n");
        StudyState state = state(spec, SyntheticStudy.complete(spec, 1));
        List<ArmRow> rows = ArmAnalysis.of(state, true);
        assertThat(rows)
                .extracting(ArmRow::arm)
                .containsOnly("adamw · rate 0.003", "adamw · rate 0.006", "adamw · rate 0.012", "adamw · 4000 steps");
        ArmRow gradients = row(rows, "adamw · rate 0.006", ArmRow.At.LAST, "gradients");
        assertThat(gradients.value()).contains(-3000.0);
        assertThat(gradients.provisional()).isTrue();
        assertThat(gradients.p()).isEmpty();
        assertThat(row(rows, "adamw · rate 0.006", ArmRow.At.LAST, "steps").value())
                .contains(0.0);
    }

    @Test
    void onePairAloneHasTheErrorsOfItsMeasurements() throws Exception {
        StudySpec spec = branched("[adamw, {kind: sam, rho: 0.05}]", 1);
        List<ArmRow> rows = ArmAnalysis.of(state(spec, SyntheticStudy.complete(spec, 1)), false);
        ArmRow row = row(rows, "sam(rho=0.05)", ArmRow.At.LAST, "hessian.trace");
        assertThat(row.pairs()).isEqualTo(1);
        // Both traces have a standard error of 4 %.
        assertThat(row.standardError().orElseThrow()).isCloseTo(.04 * Math.sqrt(2), within(1e-12));
        assertThat(row.note()).contains("measurements alone");
        assertThat(row.p()).isEmpty();
    }

    private static StudySpec branched(String algorithms, int starts) throws Exception {
        String text = Files.readString(Path.of(FILE))
                .replace("algorithms: [adamw]", "algorithms: " + algorithms)
                .replaceAll("learningRates: \\[.*]", "learningRates: [0.006]")
                .replaceAll("(?m)^  - \\{name: d(24|32|64).*\\n", "");
        List<StartSpec> points = new ArrayList<>();
        for (int i = 0; i < starts; i++) {
            points.add(new StartSpec(
                    "0123456789abcde" + i, 100, Optional.of(("" + i).repeat(64)), Optional.of(.25 + .05 * i)));
        }
        return StudyFile.parse(text, "branched").from(points);
    }

    @Test
    void armsOfOneCheckpointAreComparedABandBelowIt() throws Exception {
        StudySpec spec = branched("[adamw, {kind: sam, rho: 0.05}]", 3);
        StudyState state = state(spec, SyntheticStudy.complete(spec, 1));
        List<ArmRow> rows = ArmAnalysis.of(state, false);
        ArmRow excess = row(rows, "sam(rho=0.05)", ArmRow.At.BRANCH, "loss");
        assertThat(excess.pairs()).isEqualTo(3);
        // Losses of the synthetic study depend only on the step, so both arms reach the level at
        // the same step.
        assertThat(excess.value()).contains(0.0);
        StudyPlan.runs(spec)
                .forEach(run -> assertThat(run.spec().checkpoints().excess())
                        .contains(run.spec().start().orElseThrow().excess().orElseThrow() - .02));
        StudyView view = Views.of(state);
        assertThat(view.arms()).isEqualTo(rows);
        assertThat(DataTables.of("arms").csv(view).lines()).hasSize(rows.size() + 1);
        assertThat(ResultTable.of(view)).contains("Arms compared with adamw", "a band below the checkpoint");
        assertThat(HtmlReportArms.of(view))
                .contains("<svg", "Arms compared with adamw")
                .doesNotContain("NaN");
    }
}

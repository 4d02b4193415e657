package basin.it.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import basin.aggregator.view.ResultTable;
import basin.aggregator.view.StudyView;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.it.StudyText;
import basin.study.Comparison;
import basin.study.Ids;
import basin.study.SampleSize;
import basin.study.StudySpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a study with five kinds of algorithms, or with all in the profile {@code long}, and with
 * traces of both sizes in one architecture, from submission to table.
 */
@Tag("sampled")
class FactorsTest {
    private static final StudySpec SPEC = study();

    private static StudySpec study() {
        StudyText text = StudyText.of(Path.of("../cli/src/test/resources/factors.yaml"))
                .with("sentences: 256", "sentences: 128")
                .with("epochs: 20", "epochs: 5");
        return (SampleSize.isWhole() ? text : text.with("^  - \\{kind: (label-noise|average).*\\n", "")).spec();
    }

    @Test
    void algorithmsAndEmbeddingsEndInTheTable(@TempDir Path folder) throws Exception {
        StudyView view;
        try (LocalPipeline pipeline = LocalPipeline.start(folder, 0, 2)) {
            Submission.submit(pipeline.endpoint(), SPEC);
            view = Awaitility.await()
                    .atMost(Duration.ofMinutes(8))
                    .until(
                            () -> pipeline.aggregator().view(Ids.study(SPEC)).filter(StudyView::ended),
                            Optional::isPresent)
                    .orElseThrow();
        }
        assertThat(view.state()).isEqualTo("done");
        int whole = SampleSize.of(0, 4);
        assertThat(view.runs())
                .hasSize(9 + whole)
                .extracting(StudyView.Run::label)
                .doesNotHaveDuplicates();
        List<String> algorithms = new ArrayList<>(List.of(
                "adamw", "sgd(momentum=0.9)", "sam(rho=0.02)", "adversarial(task=root,weight=0.3)", "lookup-table"));
        if (SampleSize.isWhole()) {
            algorithms.addAll(List.of("label-noise(probability=0.1)", "average(decay=0.9)"));
        }
        assertThat(view.runs().stream().map(StudyView.Run::algorithm).distinct())
                .containsExactlyInAnyOrderElementsOf(algorithms);
        for (StudyView.Run run : view.runs()) {
            StudyView.Checkpoint last = run.checkpoints().getLast();
            assertThat(last.downstream())
                    .extracting(StudyView.Downstream::protocol)
                    .contains("probe");
            if (run.algorithm().equals("lookup-table")) {
                assertThat(last.flatness()).isEmpty();
                assertThat(last.loss().value()).isZero();
                assertThat(run.parameters()).isZero();
                assertThat(last.downstream()).hasSize(1);
            } else {
                assertThat(last.loss().value()).isPositive();
                assertThat(last.downstream()).hasSize(2);
                traces(run, last);
            }
        }
        assertThat(run(view, Comparison.RAW)).isEqualTo(6 + whole);
        assertThat(run(view, Comparison.RAW_WITH_ADVERSARIES)).isEqualTo(8 + whole);
        assertThat(ResultTable.of(view)).contains("with adversaries");
    }

    private static int run(StudyView view, Comparison comparison) {
        return view.rows().stream()
                .filter(row -> row.comparison() == comparison
                        && row.measure().equals("hessian.trace")
                        && row.statistic().equals("kendall")
                        && row.protocol().equals("probe"))
                .findFirst()
                .orElseThrow()
                .finding()
                .runs();
    }

    /**
     * Checks raw and embedded traces; they are equal for a network that already has the
     * architecture.
     */
    private static void traces(StudyView.Run run, StudyView.Checkpoint checkpoint) {
        StudyView.Flatness raw = one(checkpoint, "hessian.trace", "paired");
        StudyView.Flatness tiled = one(checkpoint, "hessian.trace", "paired in d16, tiled");
        StudyView.Flatness leading = one(checkpoint, "hessian.trace", "layers.exact in d16, leading");
        StudyView.Flatness without = one(checkpoint, "hessian.trace.without.tables", "layers.exact in d16, leading");
        List<String> inOrder = checkpoint.flatness().stream()
                .filter(flat -> flat.quantity().equals("hessian.trace"))
                .map(StudyView.Flatness::estimator)
                .toList();
        assertThat(inOrder).startsWith("paired").hasSize(3);
        assertThat(raw.parameters()).isEqualTo(run.parameters());
        assertThat(tiled.parameters()).isEqualTo(leading.parameters()).isGreaterThanOrEqualTo(raw.parameters());
        assertThat(without.value()).isNotEqualTo(leading.value());
        if (run.size().equals("d16")) {
            assertThat(tiled.value()).isEqualTo(raw.value());
            // The same draws, summed tensor by tensor.
            assertThat(leading.value()).isCloseTo(raw.value(), withinPercentage(0.001));
        } else {
            assertThat(tiled.value()).isNotEqualTo(raw.value());
            assertThat(leading.value()).isNotEqualTo(tiled.value());
        }
    }

    private static StudyView.Flatness one(StudyView.Checkpoint checkpoint, String quantity, String estimator) {
        return checkpoint.flatness().stream()
                .filter(flat ->
                        flat.quantity().equals(quantity) && flat.estimator().equals(estimator))
                .findFirst()
                .orElseThrow();
    }
}

package basin.it.study;

import static basin.cli.Typed.at;
import static basin.cli.Typed.basin;
import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.analysis.ArmRow;
import basin.aggregator.view.ResultTable;
import basin.aggregator.view.StudyView;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.it.StudyText;
import basin.study.Ids;
import basin.study.StudySpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a study that branches the checkpoints of an earlier one into arms, from its file to paired
 * differences, and what such a study refuses.
 */
class BranchesTest {
    @TempDir
    private static Path folder;

    private static StudyText text() {
        return StudyText.brief()
                .with("^  - \\{name: d12.*\\n", "")
                .with("^  - \\{kind: fine-tune.*\\n", "")
                .with("learningRates: .*", "learningRates: [0.02]");
    }

    private static Path branches(String starts) throws Exception {
        Path file = folder.resolve("branches-" + Ids.of(starts) + ".yaml");
        Files.writeString(
                file,
                text().named("branches")
                                .with("^algorithms: .*", "algorithms: [adamw, {kind: sam, rho: 0.05}]")
                                .withSeeds("7")
                                .with("steps: 120", "steps: 40")
                                .with("  every: 0$", "  every: 20")
                                .text()
                        + "startFrom: " + starts + "\n");
        return file;
    }

    private static StudyView ended(LocalPipeline pipeline, String studyId) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(4))
                .until(() -> pipeline.aggregator().view(studyId).filter(StudyView::ended), Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void armsOfTheSameCheckpointsEndInPairedDifferences() throws Exception {
        StudySpec parent = text().spec();
        basin("run", branches("0123abcd@60").toString()).refused("--data is not given");
        Path data = folder.resolve("data");
        StudyView view;
        Path file = folder.resolve("branches.zip");
        try (LocalPipeline pipeline = LocalPipeline.start(data, 0, 2)) {
            Submission.submit(pipeline.endpoint(), parent);
            StudyView before = ended(pipeline, Ids.study(parent));
            String kafka = pipeline.endpoint().bootstrapServers();
            List<String> runs = before.runs().stream().map(StudyView.Run::runId).toList();
            refused(kafka, runs.getFirst());
            Path study = branches("[" + runs.get(0).substring(0, 8) + "@60, " + runs.get(1) + "@60]");
            String said =
                    at(kafka, "submit", study.toString()).says("is recorded").out();
            view = ended(pipeline, said.substring(0, said.indexOf(' ')));
            at(kafka, "reproduce", view.runs().getLast().runId()).says("same to the bit");
        }
        assertThat(view.state()).isEqualTo("done");
        assertThat(view.runs()).hasSize(4).allMatch(run -> run.label().matches(".* · from [0-9a-f]{8}@60"));
        ArmRow trace = row(view, "hessian.trace");
        assertThat(trace.reference()).isEqualTo("adamw");
        assertThat(trace.pairs()).isEqualTo(2);
        assertThat(trace.interval()).isPresent();
        // Of the four sign patterns, two or all are as extreme.
        assertThat(trace.p().orElseThrow()).isIn(0.5, 1.0);
        assertThat(row(view, "accuracy").pairs()).isEqualTo(2);
        assertThat(row(view, "gradients").value()).contains(40.0);
        assertThat(ResultTable.of(view)).contains("Arms compared with adamw");
        // The export includes the checkpoints that they start from.
        basin("export", "--study", "branches", "--data", data.toString(), "--out", file.toString())
                .says("weights of " + (checkpoints(view) + 2) + " of " + (checkpoints(view) + 2));
        basin("import", file.toString(), "--data", folder.resolve("other").toString())
                .says("branches-");
    }

    private static int checkpoints(StudyView view) {
        return view.runs().stream().mapToInt(run -> run.checkpoints().size()).sum();
    }

    private static ArmRow row(StudyView view, String measure) {
        return view.arms().stream()
                .filter(row -> row.at() == ArmRow.At.LAST && row.measure().equals(measure))
                .findFirst()
                .orElseThrow();
    }

    private static void refused(String kafka, String run) throws Exception {
        at(kafka, "submit", branches("0000dead@60").toString()).refused("no recorded run begins with these digits");
        at(kafka, "submit", branches(run + "@61").toString())
                .refused("that run has no checkpoint at this step: give one of");
        Path otherSize = branches(run + "@60 ");
        Files.writeString(otherSize, Files.readString(otherSize).replace("layers: 1", "layers: 2"));
        at(kafka, "submit", otherSize.toString()).refused("name a trained run of the study's width");
        Path otherLanguage = branches(run + "@60  ");
        Files.writeString(
                otherLanguage,
                Files.readString(otherLanguage).replace("vocabularySize: 6, seed: 1", "vocabularySize: 6, seed: 2"));
        at(kafka, "submit", otherLanguage.toString()).refused("give the study that run's language");
    }
}

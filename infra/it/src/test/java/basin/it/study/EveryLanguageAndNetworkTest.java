package basin.it.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import basin.aggregator.view.StudyView;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.cli.transfer.CheckpointExport;
import basin.flatness.FolderProbe;
import basin.it.StudyText;
import basin.study.EstimatorSpec;
import basin.study.Ids;
import basin.study.Refusal;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a small study on every kind of language, with every kind of task, of a causal network and
 * of an LSTM, in one pipeline.
 */
class EveryLanguageAndNetworkTest {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private static final List<String> HIDDEN = List.of(
            "{kind: hmm, states: 3, vocabularySize: 6, minLength: 3, maxLength: 4, sharpness: 3, seed: 2}",
            "[{name: drawn, start: 1, length: 1, label: state}, {name: likeliest, start: 1, length: 1, label:"
                    + " likeliest}]");

    private static final List<String> BRACKETS = List.of(
            "{kind: brackets, length: 6, nested: true}", "[{name: depth3, start: 0, length: 3, label: openings}]");

    private static final List<String> CHANGED = List.of(
            "{kind: tree, depth: 2, symbols: 3, rules: 2, vocabularySize: 6, seed: 1}",
            "[{name: other, start: 0, length: 0, label: ancestor, shift: {kind: reweighted, strength: 1, seed: 5}},"
                    + " {name: broken, start: 0, length: 0, label: ancestor, shift: {kind: reversed, rules: 2, seed:"
                    + " 5}}]");

    private static final List<String> TAUGHT = List.of(
            "{kind: teacher, folder: ../network/src/test/resources/basin/network/folder/gpt2, tokens: 5, minLength: 3,"
                    + " maxLength: 4, temperature: 0.2, seed: 1}",
            "[]");

    /** Sentences of several lengths, so that a causal network is given the length. */
    private static final List<String> SEVERAL_LENGTHS = List.of(
            "{kind: hmm, states: 3, vocabularySize: 6, minLength: 3, maxLength: 4, sharpness: 3, seed: 2}",
            "[{name: drawn, start: 1, length: 1, label: state}]");

    private static final List<String> TREE = List.of(
            "{kind: tree, depth: 2, symbols: 3, rules: 2, vocabularySize: 6, seed: 1}",
            "[{name: root, start: 0, length: 0, label: ancestor}]");

    /** Returns the brief study on another language, with one size, one rate and one seed. */
    private static StudyText study(String name, List<String> languageAndTasks) {
        return StudyText.brief()
                .withQuickFlatness()
                .withSteps(40)
                .named(name)
                .with("^language: .*$", "language: " + languageAndTasks.getFirst())
                .with("^tasks:\\n.*$", "tasks: " + languageAndTasks.getLast())
                .with("^sizes:\\n.*\\n.*$", "sizes: [{name: d8, width: 8, layers: 1, heads: 2, intermediate: 0}]")
                .withOneRunOfEachSize();
    }

    private static StudySpec causal(String name, List<String> languageAndTasks) {
        return study(name, languageAndTasks)
                .with("^training: \\{", "training: {objective: causal, ")
                .spec();
    }

    @Test
    void aStudyOfEachEnds(@TempDir Path folder) throws Exception {
        StudySpec causal = causal("causal", TREE);
        StudySpec recurrent = study("recurrent", TREE)
                .with("^sizes: .*$", "sizes: [{name: l8, architecture: lstm, width: 8, layers: 1}]")
                .spec();
        List<StudySpec> studies = List.of(
                study("hidden", HIDDEN).spec(),
                study("brackets", BRACKETS).spec(),
                study("changed", CHANGED).spec(),
                study("taught", TAUGHT).spec(),
                causal,
                causal("told", SEVERAL_LENGTHS),
                recurrent);
        try (LocalPipeline pipeline = LocalPipeline.start(folder.resolve("data"), 0, 2)) {
            for (StudySpec study : studies) {
                Submission.submit(pipeline.endpoint(), study);
            }
            for (StudySpec study : studies) {
                ends(pipeline, study);
            }
            isExported(pipeline, causal, folder.resolve("exported"));
            String run = StudyPlan.runs(recurrent).getFirst().runId();
            int last = recurrent.training().steps();
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(() -> CheckpointExport.write(pipeline.endpoint(), run, last, folder.resolve("lstm")))
                    .withMessage("Run " + run + " is an LSTM ('l8'), for which transformers has no layout: choose a"
                            + " run of a transformer.");
        }
    }

    /** Checks that a causal network is the same from a folder, on the same batches. */
    private static void isExported(LocalPipeline pipeline, StudySpec causal, Path exported) throws Exception {
        int last = causal.training().steps();
        String run = StudyPlan.runs(causal).getFirst().runId();
        CheckpointExport.Written written = CheckpointExport.write(pipeline.endpoint(), run, last, exported);
        FolderProbe probe = FolderProbe.onOwnLanguage(exported, new FolderProbe.Settings(false, 1));
        assertThat(probe.model().network().type()).isEqualTo("gpt2");
        assertThat((long) probe.model().network().parameterCount()).isEqualTo(written.parameters());
        EstimatorSpec requested = causal.flatness().getFirst();
        double measured = pipeline
                .aggregator()
                .view(Ids.study(causal))
                .orElseThrow()
                .runs()
                .getFirst()
                .checkpoints()
                .getLast()
                .flatness()
                .stream()
                .filter(one -> one.quantity().equals("fisher.trace"))
                .findFirst()
                .orElseThrow()
                .value();
        assertThat(probe.measure(requested, look -> true).readings())
                .filteredOn(reading -> reading.quantity().id().equals("fisher.trace"))
                .first()
                .satisfies(reading -> assertThat(reading.value().value()).isEqualTo(measured));
    }

    private static void ends(LocalPipeline pipeline, StudySpec study) {
        StudyView view = Awaitility.await()
                .atMost(LIMIT)
                .until(() -> pipeline.aggregator().view(Ids.study(study)).filter(StudyView::ended), Optional::isPresent)
                .orElseThrow();
        assertThat(view.state()).as(study.name()).isEqualTo("done");
        assertThat(view.language()).isEqualTo(study.language().kind());
        assertThat(view.runs()).hasSize(1);
        for (StudyView.Run run : view.runs()) {
            StudyView.Checkpoint last = run.checkpoints().getLast();
            assertThat(last.loss().value())
                    .as("excess loss of %s", study.name())
                    .isBetween(0.0, run.losses().getFirst().loss().value());
            assertThat(last.flatness()).isNotEmpty();
            assertThat(last.downstream())
                    .hasSize(study.tasks().size() * study.protocols().size())
                    .allSatisfy(measured -> {
                        assertThat(measured.accuracy().value()).isBetween(0.0, 1.0);
                        assertThat(measured.bayesAccuracy().orElseThrow().value())
                                .isBetween(0.2, 1.0);
                    });
        }
    }
}

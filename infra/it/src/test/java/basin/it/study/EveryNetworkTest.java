package basin.it.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.cli.transfer.CheckpointExport;
import basin.flatness.FolderProbe;
import basin.study.EstimatorSpec;
import basin.study.Ids;
import basin.study.Refusal;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a small study of a causal network, and one of an LSTM and a transformer, in the whole
 * pipeline.
 */
class EveryNetworkTest {
    /** Sentences of several lengths, so that a causal network is given the length. */
    private static final List<String> SEVERAL_LENGTHS = List.of(
            "{kind: hmm, states: 3, vocabularySize: 6, minLength: 3, maxLength: 4, sharpness: 3, seed: 2}",
            "[{name: drawn, start: 1, length: 1, label: state}]");

    private static final List<String> TREE = List.of(
            "{kind: tree, depth: 2, symbols: 3, rules: 2, vocabularySize: 6, seed: 1}",
            "[{name: root, start: 0, length: 0, label: ancestor}]");

    private static StudySpec study(String name, List<String> languageAndTasks, String line, String by)
            throws Exception {
        String text = EveryLanguageTest.text(name, languageAndTasks);
        return StudyFile.parse(EveryLanguageTest.replaced(text, line, by), name);
    }

    private static StudySpec causal(String name, List<String> languageAndTasks) throws Exception {
        return study(
                name,
                languageAndTasks,
                "training: .*",
                "training: {objective: causal, steps: 120, batch: 32, schedule: linear, warmup: 0.1, beta1: 0.9, beta2:"
                        + " 0.98, epsilon: 1.0e-6, weightDecay: 0.01, initialDeviation: 0.1}");
    }

    @Test
    void aStudyOfEachEnds(@TempDir Path folder) throws Exception {
        StudySpec causal = causal("causal", TREE);
        List<StudySpec> studies = List.of(
                causal,
                causal("told", SEVERAL_LENGTHS),
                study("recurrent", TREE, "sizes: .*", "sizes: [{name: l8, architecture: lstm, width: 8, layers: 1}]"));
        try (LocalPipeline pipeline = LocalPipeline.start(folder.resolve("data"), 0, 2)) {
            for (StudySpec study : studies) {
                Submission.submit(pipeline.endpoint(), study);
            }
            for (StudySpec study : studies) {
                EveryLanguageTest.ends(pipeline, study);
            }
            Path exported = folder.resolve("exported");
            int last = causal.training().steps();
            String run = StudyPlan.runs(causal).getFirst().runId();
            CheckpointExport.Written written = CheckpointExport.write(pipeline.endpoint(), run, last, exported);
            FolderProbe probe = FolderProbe.onOwnLanguage(exported, false);
            assertThat(probe.model().network().type()).isEqualTo("gpt2");
            assertThat((long) probe.model().network().parameterCount()).isEqualTo(written.parameters());
            // The same network from the folder, on the same batches as in the pipeline.
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
                    .filter(one -> one.quantity().equals("hessian.trace"))
                    .findFirst()
                    .orElseThrow()
                    .value();
            assertThat(probe.measure(requested, look -> true).readings())
                    .filteredOn(reading -> reading.quantity().id().equals("hessian.trace"))
                    .first()
                    .satisfies(reading -> assertThat(reading.value().value()).isEqualTo(measured));
            String recurrent = StudyPlan.runs(studies.getLast()).getFirst().runId();
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(() ->
                            CheckpointExport.write(pipeline.endpoint(), recurrent, last, folder.resolve("recurrent")))
                    .withMessage(
                            "Run " + recurrent + " is an LSTM ('l8'), for which transformers has no layout: choose a"
                                    + " run of a transformer.");
        }
    }
}

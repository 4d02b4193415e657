package basin.it.study;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.view.StudyView;
import basin.cli.TinyStudy;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.study.Ids;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a small study on every kind of language, and with every kind of task, in the whole
 * pipeline.
 */
class EveryLanguageTest {
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

    /** Returns the tiny study on another language, with one size, one rate and one seed. */
    private static StudySpec study(String name, List<String> languageAndTasks) throws IOException {
        return StudyFile.parse(text(name, languageAndTasks), name);
    }

    static String text(String name, List<String> languageAndTasks) throws IOException {
        String text = Files.readString(TinyStudy.FILE);
        text = replaced(text, "name: tiny", "name: " + name);
        // Some cases keep the tiny study's language.
        text = text.replaceFirst(
                "(?m)^language: .*$", Matcher.quoteReplacement("language: " + languageAndTasks.getFirst()));
        text = replaced(text, "tasks:\n.*", "tasks: " + languageAndTasks.getLast());
        text = replaced(text, "sizes:\n.*\n.*", "sizes: [{name: d8, width: 8, layers: 1, heads: 2, intermediate: 0}]");
        text = replaced(text, "learningRates: .*", "learningRates: [0.01]");
        return replaced(text, "seeds: .*", "seeds: [1]");
    }

    static String replaced(String text, String line, String by) {
        String changed = text.replaceFirst("(?m)^" + line + "$", Matcher.quoteReplacement(by));
        assertThat(changed).as(line).isNotEqualTo(text);
        return changed;
    }

    @Test
    void aStudyOnEachEnds(@TempDir Path folder) throws Exception {
        List<StudySpec> studies = List.of(
                study("hidden", HIDDEN),
                study("brackets", BRACKETS),
                study("changed", CHANGED),
                study("taught", TAUGHT));
        try (LocalPipeline pipeline = LocalPipeline.start(folder, 0, 2)) {
            for (StudySpec study : studies) {
                Submission.submit(pipeline.endpoint(), study);
            }
            for (StudySpec study : studies) {
                ends(pipeline, study);
            }
        }
    }

    static void ends(LocalPipeline pipeline, StudySpec study) {
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

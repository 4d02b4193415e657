package basin.study.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import basin.study.SizeSpec;
import basin.study.StudySpec;
import basin.study.TaskSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The valid forms of an analysis file, and its effect on a study. */
class QuestionFileTest {
    private static final StudySpec QUICK = StudyFile.read(Path.of("../studies/quick.yaml"));

    private static StudySpec requested(String yaml) {
        return QuestionFile.parse(yaml, "question.yaml").of(QUICK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "{}", "match: [0.2, 0.1]", "runs: {sizes: [d16, d24, d32, d48]}"})
    void whatIsAbsentKeepsTheStudysOwn(String yaml) {
        assertThat(requested(yaml)).isEqualTo(QUICK);
    }

    @Test
    void whatIsGivenTakesItsPlace() {
        StudySpec requested = requested("""
            match: [0.15]
            band: 0.05
            confidence: 0.9
            seed: 7
            tasks: [half]
            protocols: [fine-tune-200, probe-200]
            flatness: [{estimator: paired, pairs: 80, batch: 24, seed: 5}]
            runs: {sizes: [d48, d16], learningRates: [0.009]}
            """);
        assertThat(requested.analysis().match()).containsExactly(0.15);
        assertThat(requested.analysis().band()).isEqualTo(0.05);
        assertThat(requested.analysis().confidence()).isEqualTo(0.9);
        assertThat(requested.analysis().seed()).isEqualTo(7);
        assertThat(requested.analysis().resamples()).isEqualTo(QUICK.analysis().resamples());
        assertThat(requested.tasks()).extracting(TaskSpec::name).containsExactly("half");
        assertThat(requested.protocols())
                .extracting(protocol -> protocol.name())
                .containsExactly("fine-tune-200", "probe-200");
        assertThat(requested.flatness()).containsExactly(new EstimatorSpec(Estimator.PAIRED, 80, 24, 5));
        assertThat(requested.sizes()).extracting(SizeSpec::name).containsExactly("d16", "d48");
        assertThat(requested.learningRates()).containsExactly(0.009);
    }

    @Test
    void setsOfWhatIsHeldHaveOneOrder() {
        QuestionSpec question =
                QuestionFile.parse("given: [[norm, loss], [rate]]\nwithin: [[size, rate]]", "question.yaml");
        assertThat(question.given().orElseThrow()).containsExactly(List.of("loss", "norm"), List.of("rate"));
        assertThat(question.within().orElseThrow()).containsExactly(List.of("rate", "size"));
        assertThat(question.of(QUICK)).isEqualTo(QUICK);
        assertThat(question.asksNothingElse()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "given: [[loss, width]] | given[0][1] is 'width': give one of loss, rate, size, steps, norm",
                "given: [[loss]] | given is [[loss]]: leave out the set of loss alone",
                "given: [[rate, norm], [norm, rate]] | name each set once",
                "given: [[]] | given is [[]]: name at least one",
                "given: [[rate, rate]] | given[0] is [rate, rate]: name each once",
                "within: [[loss]] | within[0][0] is 'loss': give one of rate, size, steps, norm",
            })
    void setsOfWhatCannotBeHeldAreRefused(String yaml, String expected) {
        assertThatThrownBy(() -> QuestionFile.parse(yaml, "question.yaml"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(expected);
    }

    @Test
    void theLastScheduledStepOfARangeIsTheLast() {
        assertThat(requested("steps: {to: 500}").training().steps()).isEqualTo(410);
        assertThat(requested("steps: {from: 300, to: 1000}").training().steps()).isEqualTo(1000);
        assertThat(requested("steps: {from: 200, to: 250}").training().steps()).isEqualTo(250);
    }

    @Test
    void timeIsARangeWithItsFirstInstant() {
        QuestionSpec.TimeRange range = QuestionFile.parse(
                        "time: {from: 2026-01-31T12:00:00Z, to: \"2026-01-31T14:00:00+01:00\"}", "question.yaml")
                .time()
                .orElseThrow();
        long noon = java.time.Instant.parse("2026-01-31T12:00:00Z").toEpochMilli();
        assertThat(range.holds(noon - 1)).isFalse();
        assertThat(range.holds(noon)).isTrue();
        assertThat(range.holds(noon + 3_599_999)).isTrue();
        assertThat(range.holds(noon + 3_600_000)).isFalse();
        assertThat(new QuestionSpec.TimeRange(Optional.empty(), Optional.empty()).holds(0))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "bnad: 0.1 | unknown field 'bnad' (did you mean 'band'?): remove it or use one of band",
                "runs: {size: [d16]} | unknown field 'runs.size' (did you mean 'sizes'?): remove it or use one of"
                        + " algorithms",
                "band: -1 | band is -1: give a number above 0",
                "band: wide | band is 'wide': give a number",
                "measures: [trace] | measures[0] is 'trace': give one of hessian.trace",
                "statistics: [tau] | statistics[0] is 'tau': give one of pearson, spearman, kendall",
                "statistics: [] | statistics is empty: name at least one",
                "tasks: [leaf] | tasks is 'leaf': give one of [root, half]",
                "tasks: [root, root] | tasks is [root, root]: name each once",
                "protocols: [none] | protocols is 'none': give one of",
                "runs: {sizes: [d17]} | runs.sizes is 'd17': give one of [d16, d24, d32, d48]",
                "runs: {learningRates: [0.5]} | runs.learningRates is '0.5': give one of",
                "runs: {ids: [abc]} | runs.ids is 'abc': give one of",
                "steps: {from: 5, to: 2} | steps.from is 5: give at most steps.to, 2",
                "steps: {from: 5000} | steps.from is 5000: give at most 1000",
                "time: {from: yesterday} | time.from is 'yesterday': give a date and time with its offset",
                "time: {from: 2026-02-01T00:00:00Z, to: 2026-01-01T00:00:00Z} | give an instant before time.to",
                "flatness: [{estimator: paired, pairs: 12, batch: 24, seed: 1}] | flatness[0].pairs is 12",
                "[1] | holds no question",
                "band: 1e400 | line 1: band is 1e400: give a number of at most 1.7e308.",
                "permutations: 2147483648 | permutations is 2147483648: give a whole number from 99 to 1000000",
                "seed: 99999999999999999999 | seed is 99999999999999999999: give a whole number from"
                        + " -9223372036854775808",
                "runs: {seeds: [1, 9223372036854775808]} | runs.seeds[1] is 9223372036854775808: give a whole number",
                "band: [ | line 1, column 8: a punctuation mark",
            })
    void refusesInOneSentenceThatNamesTheField(String yaml, String expected) {
        assertThatThrownBy(() -> requested(yaml))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(expected)
                .message()
                .doesNotContain("\n")
                .doesNotContain("com.fasterxml");
    }

    @Test
    void anEstimatorWithItsSettings() {
        EstimatorSpec base = QUICK.flatness().getFirst();
        assertThat(QuestionFile.estimator("paired", base)).isEqualTo(base);
        assertThat(QuestionFile.estimator("pairs=80,seed=7", base))
                .isEqualTo(new EstimatorSpec(Estimator.PAIRED, 80, 24, 7));
        assertThat(QuestionFile.estimator("paired, batch=32", base))
                .isEqualTo(new EstimatorSpec(Estimator.PAIRED, 40, 32, 201));
        EstimatorSpec sharpness = new EstimatorSpec(Estimator.SHARPNESS_SAM, 40, 24, 201, Optional.of(0.05));
        assertThat(QuestionFile.estimator("sharpness.sam,radius=0.05", base)).isEqualTo(sharpness);
        assertThat(QuestionFile.estimator("pairs=80", sharpness).radius()).hasValue(0.05);
        assertThat(QuestionFile.estimator("paired", sharpness)).isEqualTo(base);
        for (String wrong : new String[] {
            "exact",
            "paired,seed",
            "paired,pears=80",
            "paired,seed=x",
            "paired,pairs=2",
            "sharpness.sam",
            "sharpness.sam,radius=far",
            "paired,radius=0.01"
        }) {
            assertThatThrownBy(() -> QuestionFile.estimator(wrong, base)).isInstanceOf(Refusal.class);
        }
    }
}

package basin.study.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.study.ClaimSpec;
import basin.study.Comparison;
import basin.study.CorrelationRow;
import basin.study.Ids;
import basin.study.Json;
import basin.study.Refusal;
import basin.study.Sha256;
import basin.study.StudySpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The claim that a study registers: its valid forms, and the refusal of each mistake. */
class ClaimFileTest {
    private static final String CLAIM = "task: root, protocol: probe-200, measure: hessian.trace, statistic: kendall";

    private static StudySpec study(String claim) throws IOException {
        return StudyFile.parse(text().replace("seed: 401}", "seed: 401, claim: {" + claim + "}}"), "study.yaml");
    }

    private static String text() throws IOException {
        return Files.readString(Path.of("../studies/quick.yaml"));
    }

    @Test
    void aClaimIsPartOfTheStudyAndItsAbsenceChangesNoOldId() throws Exception {
        StudySpec plain = StudyFile.parse(text(), "study.yaml");
        assertThat(new String(Json.canonical(plain.analysis()), StandardCharsets.UTF_8))
                .isEqualTo("{\"band\":0.02,\"confidence\":0.95,\"match\":[0.2,0.1],\"minRuns\":5,\"permutations\":9999,"
                        + "\"resamples\":2000,\"seed\":401}");
        StudySpec claiming = study(CLAIM + ", match: 0.1, within: size, expects: positive");
        StudySpec other = study(CLAIM + ", match: 0.1, within: size, expects: negative");
        assertThat(List.of(Ids.study(plain), Ids.study(claiming), Ids.study(other)))
                .doesNotHaveDuplicates();
        assertThat(Json.mapper().readValue(Json.canonical(claiming), StudySpec.class))
                .isEqualTo(claiming);
        ClaimSpec claim = claiming.analysis().claim().orElseThrow();
        assertThat(new String(Json.canonical(claim), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"expects\":\"POSITIVE\",\"match\":0.1,\"measure\":\"hessian.trace\","
                            + "\"protocol\":\"probe-200\",\"statistic\":\"kendall\",\"task\":\"root\",\"within\":[\"size\"]}");
        assertThat(claim.sha256()).isEqualTo(Sha256.hex(Json.canonical(claim))).matches("[0-9a-f]{64}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kendall | | RAW | ''",
                "pearson | match: 0.1, | MATCHED | ''",
                "kendall | match: 0.1, within: rate, | MATCHED_WITHIN_RATE | ''",
                "kendall | match: 0.1, within: [size], | MATCHED_WITHIN_SIZE | ''",
                "kendall | match: 0.1, within: [norm, size], | MATCHED_WITHIN | size norm",
                "spearman | given: loss, | PARTIAL_GIVEN_LOSS | ''",
                "spearman | given: [norm, loss], | PARTIAL_GIVEN | loss norm",
                "spearman | match: 0.2, given: [norm, rate], | PARTIAL_GIVEN | rate norm",
            })
    void itIsARowOfTheTable(String statistic, String more, Comparison comparison, String held) throws IOException {
        String claim = CLAIM.replace("kendall", statistic) + ", " + (more == null ? "" : more) + " expects: negative";
        CorrelationRow row = study(claim).analysis().claim().orElseThrow().row();
        assertThat(row.comparison()).isEqualTo(comparison);
        assertThat(String.join(" ", row.conditionedOn())).isEqualTo(held);
        assertThat(row.level().isPresent()).isEqualTo(claim.contains("match"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "task: root | task: stem | claim.task is 'stem': give one of root, half",
                "probe-200 | probe-201 | claim.protocol is 'probe-201': give one of probe-200,",
                "hessian.trace | trace | claim.measure is 'trace': give one of hessian.trace,",
                "kendall | tau | claim.statistic is 'tau': give one of pearson, spearman, kendall",
                "match: 0.1 | match: 0.15 | claim.match is 0.15: give one of the levels of analysis.match, [0.2, 0.1]",
                "match: 0.1 | match: low | claim.match is 'low': give a number",
                "match: 0.1, within: size | within: size | claim.within is [size]: give a match too",
                "within: size | within: shape | claim.within is 'shape': give one of rate, size, steps, norm",
                "within: size | within: [rate, size] | claim.within is [rate, size]: leave some out, or add sizes,",
                "within: size | within: [] | claim.within is []: name at least one",
                "within: size | given: rate | claim.statistic is 'kendall': give spearman",
                "within: size | within: size, given: rate | claim.given is [rate]: leave it out, or leave out within",
                "kendall, match: 0.1, within: size | spearman, match: 0.1, given: [loss] | claim.given is [loss]:"
                        + " leave out loss, which is matched",
                "kendall, match: 0.1, within: size | spearman, given: [rate] | claim.given is [rate]: name loss among"
                        + " them",
                "hessian.trace, statistic: kendall, match: 0.1, within: size | loss, statistic: spearman, given: loss |"
                        + " claim.measure is 'loss': give a flatness",
                "hessian.trace | difference | claim.statistic is 'kendall': give spearman",
                "expects: positive | expects: much | claim.expects is 'much': give one of positive, negative",
                "expects: positive | expect: positive | 'analysis.claim.expect' (did you mean 'expects'?)",
                "task: root, | \"\" | 'analysis.claim.task' is missing",
            })
    void refusesInOneSentenceThatNamesTheField(String was, String becomes, String expected) {
        String claim = CLAIM + ", match: 0.1, within: size, expects: positive";
        assertThat(claim).contains(was);
        assertThatThrownBy(() -> study(claim.replace(was, becomes)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(expected)
                .hasMessageStartingWith("study.yaml: ")
                .message()
                .doesNotContain("\n")
                .doesNotContain("com.fasterxml");
    }

    @Test
    void whatTheStudyDoesNotMeasureOrDoesNotVaryCannotBeClaimed() throws IOException {
        String claim = "seed: 401, claim: {" + CLAIM + ", match: 0.1, within: size, expects: positive}}";
        String claiming = text().replace("seed: 401}", claim);
        assertThatThrownBy(() -> StudyFile.parse(
                        claiming.replace("estimator: paired,", "estimator: fisher.sampled,"), "study.yaml"))
                .hasMessageContaining("claim.measure is 'hessian.trace': give what an estimator of the study measures");
        assertThatThrownBy(() ->
                        StudyFile.parse(claiming.replaceAll("(?m)^  - \\{name: d(?:16|24|32).*$", ""), "study.yaml"))
                .hasMessageContaining(
                        "claim.within is 'size': leave it out, for all runs of the study have the same size");
    }

    @Test
    void noOtherQuestionHasTheClaim() throws IOException {
        StudySpec claiming = study(CLAIM + ", match: 0.1, within: size, expects: positive");
        assertThat(QuestionFile.parse("", "question.yaml").of(claiming)).isEqualTo(claiming);
        for (String yaml : List.of("band: 0.02", "tasks: [half]", "runs: {sizes: [d16]}", "given: [[loss, rate]]")) {
            assertThat(QuestionFile.parse(yaml, "question.yaml")
                            .of(claiming)
                            .analysis()
                            .claim())
                    .as(yaml)
                    .isEqualTo(Optional.empty());
        }
        assertThatThrownBy(() -> QuestionFile.parse("claim: {expects: negative}", "question.yaml"))
                .hasMessageContaining("unknown field 'claim'");
    }
}

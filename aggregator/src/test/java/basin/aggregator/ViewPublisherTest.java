package basin.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.analysis.InferenceCache;
import basin.aggregator.fold.StudyState;
import basin.aggregator.view.Generation;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.ViewJson;
import basin.aggregator.view.Views;
import basin.record.Event;
import basin.record.Revision;
import basin.service.ServiceConfig;
import basin.service.ServiceShell;
import basin.study.Json;
import basin.study.StudySpec;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Tests that published views never go back, and that metrics and JSON report the same revision of
 * the intervals.
 */
class ViewPublisherTest {
    private static final StudySpec QUICK = SyntheticStudy.quick();
    private static final StudyState EARLIER = PageServer.state(SyntheticStudy.until(QUICK, 1, 6, false));
    private static final StudyState LATER = PageServer.state(SyntheticStudy.until(QUICK, 1, 7, false));

    private final ServiceShell shell = ServiceShell.start(ServiceConfig.onLoopback("showing-test", 0), router -> {});
    private final List<Generation> answers = new ArrayList<>();
    private final ViewPublisher showing = new ViewPublisher(shell, () -> answers, reported -> {});

    @AfterEach
    void close() {
        shell.close();
    }

    @Test
    void pointsComeFirstAndIntervalsWithTheirRevision() throws Exception {
        InferenceCache cache = new InferenceCache();
        StudyView whole = Views.of(EARLIER, Set.of(), cache);
        showing.made(whole);
        showing.show(List.of(ViewRevision.whole(whole, 1)));
        assertThat(json()).isEqualTo(new String(ViewJson.canonical(whole), StandardCharsets.UTF_8));
        agree(EARLIER.revision(), EARLIER.revision());

        StudyView points = Views.points(LATER, Set.of(), cache).view();
        showing.show(List.of(new ViewRevision(points, showing.intervals(points.studyId()), 2)));
        JsonNode shown = Json.mapper().readTree(json());
        assertThat(shown.at("/intervalsOf/events").asLong())
                .isEqualTo(EARLIER.revision().events());
        assertThat(shown.at("/revision/events").asLong())
                .isEqualTo(LATER.revision().events());
        agree(LATER.revision(), EARLIER.revision());

        showing.made(Views.of(LATER));
        showing.show(List.of(ViewRevision.whole(Views.of(LATER), 2)));
        assertThat(Json.mapper().readTree(json()).has("intervalsOf")).isFalse();
        agree(LATER.revision(), LATER.revision());
    }

    @Test
    void whatComesLateIsLeftOut() {
        StudyView whole = Views.of(LATER);
        showing.show(List.of(ViewRevision.whole(whole, 2)));
        StudyView points = Views.points(LATER, Set.of(), new InferenceCache()).view();
        showing.show(List.of(new ViewRevision(points, Optional.empty(), 2)));
        showing.show(List.of(ViewRevision.whole(Views.of(EARLIER), 1)));
        assertThat(json()).isEqualTo(new String(ViewJson.canonical(whole), StandardCharsets.UTF_8));
        agree(LATER.revision(), LATER.revision());
    }

    @Test
    void anAnswerToAnotherQuestionIsShownWithoutANewView() throws Exception {
        StudyView whole = Views.of(LATER);
        showing.show(List.of(ViewRevision.whole(whole, 1)));
        answers.add(Generation.of(List.of(new Event.QuestionAnswered(
                whole.studyId(), "narrow", whole.revision(), "band: 0.05", "So it is.", "", "So.", Optional.empty()))));
        showing.show(List.of());
        JsonNode shown = Json.mapper().readTree(json());
        assertThat(shown.at("/asked/0/name").asText()).isEqualTo("narrow");
        assertThat(shown.at("/asked/0/headline").asText()).isEqualTo("So it is.");
        assertThat(shown.at("/headline").asText()).isEqualTo(whole.headline());
        answers.clear();
        showing.show(List.of());
        assertThat(json()).isEqualTo(new String(ViewJson.canonical(whole), StandardCharsets.UTF_8));
    }

    private String json() {
        return showing.published().iterator().next().json();
    }

    private void agree(Revision values, Revision intervals) {
        assertThat(shell.metrics().get("basin.study.revision").gauge().value()).isEqualTo((double) values.events());
        assertThat(shell.metrics().get("basin.study.intervals.revision").gauge().value())
                .isEqualTo((double) intervals.events());
    }
}

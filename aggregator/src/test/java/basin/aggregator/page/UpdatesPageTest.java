package basin.aggregator.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.PageServer;
import basin.aggregator.SyntheticStudy;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.ViewChanges;
import basin.aggregator.view.ViewJson;
import basin.record.Event;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests that an update has the bytes of what changed, and gives the page that a new one would be.
 */
class UpdatesPageTest extends Browsed {
    /** All that is told or drawn, but for the order in which marks were made. */
    private static final String SHOWN = """
        () => [
          ...[...document.querySelectorAll('h1, h2, h3, p, caption, th, td, .last, .state, .label')]
            .filter((one) => one.checkVisibility({visibilityProperty: true})).map((one) => one.innerText),
          ...[...document.querySelectorAll('g.point')].map((one) => JSON.stringify([one.dataset.run, one.getAttribute('transform'),
            one.getAttribute('aria-label')])).sort(),
          ...[...document.querySelectorAll('path.run, path.error, .tick text')].map((one) => one.getAttribute('d') ?? one.textContent).sort(),
        ].join('\\n')
        """;

    private static JsonNode changes(StudyView before, StudyView after) {
        return ViewChanges.between(before, ViewJson.shell(before), after, ViewJson.shell(after));
    }

    @Test
    void aPatchedViewIsTheNewOne() {
        Page page = open("/", WIDE, ColorScheme.LIGHT);
        List<StudyView> views = List.of(
                PageViews.NOTHING,
                PageViews.RUNNING,
                PageViews.LATER,
                PageViews.DONE,
                PageViews.FAILED,
                PageViews.DONE,
                PageViews.NOTHING);
        for (int i = 1; i < views.size(); i++) {
            StudyView before = views.get(i - 1);
            StudyView after = views.get(i);
            Object patched = page.evaluate("""
                async ([before, changes]) => {
                  const {patched} = await import('/js/patch.js');
                  const given = JSON.parse(before);
                  const was = JSON.stringify(given);
                  const made = JSON.stringify(patched(given, JSON.parse(changes)));
                  return [made, JSON.stringify(given) === was ? 'kept' : 'changed'];
                }
                """, List.of(ViewJson.text(before), ViewJson.text(changes(before, after))));
            List<?> told = (List<?>) patched;
            assertThat(sorted(page, told.getFirst().toString())).isEqualTo(sorted(page, ViewJson.text(after)));
            assertThat(told.getLast()).isEqualTo("kept");
        }
        assertThat(changes(PageViews.DONE, PageViews.DONE)).isEmpty();
    }

    /** Names in order, and numbers as JavaScript writes them. */
    private static Object sorted(Page page, String json) {
        return page.evaluate("""
            json => JSON.stringify(JSON.parse(json), (key, value) => (value && typeof value === 'object' && !Array.isArray(value)
              ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value))
            """, json);
    }

    /**
     * Bytes of the changes that one new checkpoint with its measurements makes, and of the whole
     * view.
     */
    private record Bytes(int changes, int view) {
        static Bytes of(int seeds) {
            StudySpec spec = SyntheticStudy.large(seeds);
            List<Event> complete = SyntheticStudy.complete(spec, 1);
            StudyView before = PageServer.view(SyntheticStudy.withoutOneCheckpoint(complete, spec));
            StudyView after = PageServer.view(SyntheticStudy.unfinished(complete, StudyPlan.runs(spec)));
            return new Bytes(
                    ViewJson.canonical(UpdatesPageTest.changes(before, after)).length,
                    ViewJson.canonical(after).length);
        }
    }

    @Test
    void theBytesOfAnUpdateFollowWhatChanged() {
        Bytes few = Bytes.of(1);
        Bytes many = Bytes.of(10);
        assertThat(many.view()).isGreaterThan(6 * few.view());
        assertThat(many.changes()).as("%s and %s", few, many).isLessThan(2 * few.changes());
        assertThat(many.changes()).as("%s", many).isLessThan(many.view() / 50);
    }

    @Test
    void aWatcherGetsTheViewOnceAndThenChanges() throws Exception {
        server.show(PageViews.RUNNING);
        HttpResponse<java.util.stream.Stream<String>> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(server.at("/api/studies/" + PageViews.DONE.studyId() + "/events")))
                                .build(),
                        HttpResponse.BodyHandlers.ofLines());
        try (var lines = answer.body()) {
            Iterator<String> events = lines.filter(line -> line.startsWith("event: ") && !line.endsWith("progress"))
                    .iterator();
            assertThat(events.next()).isEqualTo("event: view");
            server.show(PageViews.LATER);
            assertThat(events.next()).isEqualTo("event: changes");
            server.show(PageViews.DONE);
            assertThat(events.next()).isEqualTo("event: changes");
        }
    }

    @Test
    void anUpdatedPageIsTheOneThatIsOpenedAnew() {
        Page page = open(PageViews.RUNNING);
        for (StudyView view : List.of(PageViews.LATER, PageViews.DONE)) {
            server.show(view);
            awaitRevision(page, view);
        }
        Page fresh = open(PageViews.DONE);
        assertThat(page.evaluate(SHOWN)).isEqualTo(fresh.evaluate(SHOWN));
    }
}

package basin.it.bench;

import basin.aggregator.PageServer;
import basin.aggregator.SyntheticStudy;
import basin.aggregator.page.Chromium;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.ViewChanges;
import basin.aggregator.view.ViewJson;
import basin.record.Event;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures the live page in Chromium with 200 runs of ten checkpoints, and prints medians: from the
 * navigation to the paint of the first whole drawing, from a click to the paint of another level,
 * and from the arrival of one new checkpoint to its paint. It also prints the processor time of the
 * page's main thread for each, which other work on the machine does not change, the bytes of that
 * update and of the whole view, and the same of 20 runs. The server runs in this process.
 */
public final class PageBench {
    private static final int WIDTH = 1280;

    /** The choices of points that are switched through. */
    private static final List<String> POINTS = List.of("0.3", "last", "all", "0.15", "0.2");

    /** Notes when changes arrive, and the time after the paint that follows a new revision. */
    private static final String NOTE = """
        (() => {
          window.noted = {arrived: 0, painted: 0, revision: null};
          const own = EventSource.prototype.addEventListener;
          EventSource.prototype.addEventListener = function add(name, listener) {
            own.call(this, name, (event) => {
              if (name === 'changes') window.noted.arrived = performance.now();
              listener(event);
            });
          };
          const after = (done) => requestAnimationFrame(() => setTimeout(() => done(performance.now())));
          window.painted = () => new Promise(after);
          addEventListener('DOMContentLoaded', () => new MutationObserver(() => {
            const {revision} = document.documentElement.dataset;
            if (revision !== window.noted.revision) after((now) => { window.noted = {...window.noted, painted: now, revision}; });
          }).observe(document.documentElement, {attributes: true, attributeFilter: ['data-revision']}));
        })();
        """;

    private static final String SWITCH = """
        async (value) => {
          const input = document.querySelector(`#control-points input[value="${value}"]`);
          const before = performance.now();
          input.click();
          const now = await window.painted();
          if (document.getElementById('correlations').dataset.points !== value) throw new Error('not drawn');
          return now - before;
        }
        """;

    private record Moments(StudyView before, StudyView after) {
        static Moments of(int seeds) {
            StudySpec spec = SyntheticStudy.large(seeds);
            List<Event> complete = SyntheticStudy.complete(spec, 1);
            return new Moments(
                    PageServer.view(SyntheticStudy.withoutOneCheckpoint(complete, spec)),
                    PageServer.view(SyntheticStudy.unfinished(complete, StudyPlan.runs(spec))));
        }

        int changed() {
            return ViewJson.canonical(ViewChanges.between(before, ViewJson.shell(before), after, ViewJson.shell(after)))
                    .length;
        }

        int whole() {
            return ViewJson.canonical(after).length;
        }
    }

    private PageBench() {}

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static void await(Page page, StudyView view) {
        page.waitForFunction(
                "revision => window.noted.revision === revision",
                String.valueOf(view.revision().events()));
    }

    /** Returns the processor time of the page's main thread so far, in milliseconds. */
    private static double busy(CDPSession session) {
        for (JsonElement one : session.send("Performance.getMetrics").getAsJsonArray("metrics")) {
            JsonObject metric = one.getAsJsonObject();
            if (metric.get("name").getAsString().equals("TaskDuration")) {
                return 1000 * metric.get("value").getAsDouble();
            }
        }
        throw new IllegalStateException("Chromium counts no time of tasks.");
    }

    private static CDPSession counting(Page page) {
        CDPSession session = page.context().newCDPSession(page);
        JsonObject threads = new JsonObject();
        threads.addProperty("timeDomain", "threadTicks");
        session.send("Performance.enable", threads);
        return session;
    }

    private static double noted(Page page, String what) {
        return ((Number) page.evaluate("what => window.noted[what]", what)).doubleValue();
    }

    /** Runs the benchmark; the argument is the number of rounds. */
    public static void main(String[] arguments) {
        int rounds = Integer.parseInt(arguments[0]);
        PrintStream out = System.out;
        Moments few = Moments.of(1);
        Moments many = Moments.of(10);
        List<Double> first = new ArrayList<>();
        List<Double> switches = new ArrayList<>();
        List<Double> updates = new ArrayList<>();
        List<Double> firstBusy = new ArrayList<>();
        List<Double> switchBusy = new ArrayList<>();
        List<Double> updateBusy = new ArrayList<>();
        try (Chromium chromium = Chromium.start();
                PageServer server = PageServer.start()) {
            for (int round = 0; round < rounds; round++) {
                server.show(many.before());
                Page page = chromium.open(WIDTH, ColorScheme.LIGHT);
                page.addInitScript(NOTE);
                CDPSession session = counting(page);
                page.navigate(server.at("/#study=" + many.before().studyId()));
                await(page, many.before());
                first.add(noted(page, "painted"));
                double drawn = busy(session);
                firstBusy.add(drawn);
                for (String points : POINTS) {
                    switches.add(((Number) page.evaluate(SWITCH, points)).doubleValue());
                }
                double switched = busy(session);
                switchBusy.add((switched - drawn) / POINTS.size());
                server.show(many.after());
                await(page, many.after());
                updates.add(noted(page, "painted") - noted(page, "arrived"));
                updateBusy.add(busy(session) - switched);
                page.context().close();
            }
            out.printf(
                    Locale.ROOT,
                    "200 runs of ten checkpoints, medians of %d: first drawing %.0f ms, switch %.0f ms, update %.0f"
                            + " ms.%n",
                    rounds,
                    median(first),
                    median(switches),
                    median(updates));
            out.printf(
                    Locale.ROOT,
                    "Processor time of the page's main thread: first drawing %.0f ms, switch %.0f ms, update %.0f"
                            + " ms.%n",
                    median(firstBusy),
                    median(switchBusy),
                    median(updateBusy));
            out.printf(
                    Locale.ROOT,
                    "One new checkpoint: %,d bytes of %,d with 200 runs, %,d of %,d with 20.%n",
                    many.changed(),
                    many.whole(),
                    few.changed(),
                    few.whole());
            chromium.complaints().forEach(out::println);
        }
    }
}

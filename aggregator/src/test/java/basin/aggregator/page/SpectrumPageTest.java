package basin.aggregator.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.view.Estimate;
import basin.aggregator.view.StudyView;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** Tests that the page draws the newest spectrum of the selected run, to the last digit. */
class SpectrumPageTest extends Browsed {
    private static final StudyView VIEW = PageViews.SPECTRA;

    private static List<Double> values(Page page, String kind) {
        Object found = page.evaluate("""
            kind => [...document.querySelectorAll(`#figure-spectrum g.point[data-kind=${kind}]`)].map(({dataset}) => dataset.value)
            """, kind);
        return ((List<?>) found)
                .stream().map(value -> Double.valueOf(String.valueOf(value))).toList();
    }

    private static StudyView.Spectrum newest(StudyView.Run run) {
        return run.checkpoints().getLast().spectra().getFirst();
    }

    private static void shows(Page page, StudyView.Run run) {
        assertThat(page.locator("#figure-spectrum h3")).hasText("Spectrum of the Hessian, " + run.label());
        StudyView.Spectrum spectrum = newest(run);
        assertThat(values(page, "eigenvalue"))
                .containsExactlyElementsOf(DoubleStream.concat(
                                spectrum.top().stream()
                                        .mapToDouble(one -> one.value().value()),
                                DoubleStream.of(spectrum.lowest().value().value()))
                        .boxed()
                        .toList());
        assertThat(values(page, "bin"))
                .containsExactlyElementsOf(spectrum.density().counts().stream()
                        .map(Estimate::value)
                        .filter(count -> count > 0.01)
                        .toList());
    }

    @Test
    void everyRunsNewestSpectrumCanBeChosenAndTheAddressHoldsIt() {
        Page page = open(VIEW);
        assertThat(page.locator("#spectrum")).isVisible();
        shows(page, VIEW.runs().getFirst());
        for (StudyView.Run run : List.of(VIEW.runs().get(4), VIEW.runs().getLast())) {
            page.locator("#control-spectrum").selectOption(run.runId());
            shows(page, run);
            page.waitForURL(url -> url.contains("spectrum=" + run.runId()));
        }
        Page other = open(VIEW, page.url().substring(page.url().indexOf('#')), NARROW, ColorScheme.DARK);
        shows(other, VIEW.runs().getLast());
    }

    @Test
    void theDensityAndItsBandAreDrawnInsideTheFigure() {
        Page page = open(VIEW);
        for (String drawn : List.of("path.density", "path.density-band", "g.point.eigenvalue .error")) {
            assertThat(page.locator("#figure-spectrum " + drawn).count())
                    .as(drawn)
                    .isPositive();
        }
        assertThat(page.evaluate("""
            () => {
              const box = document.querySelector('#figure-spectrum .drawing').getBoundingClientRect();
              return [...document.querySelectorAll('#figure-spectrum .lines path, #figure-spectrum .bands path, #figure-spectrum g.point')]
                .map((node) => node.getBoundingClientRect())
                .filter((own) => own.left < box.left || own.right > box.right + 1 || own.top < box.top || own.bottom > box.bottom + 1
                  || Number.isNaN(own.width)).length;
            }
            """)).isEqualTo(0);
    }

    @Test
    void aTipTellsHowAnEigenvalueWasMeasured() {
        Page page = open(VIEW);
        page.locator("#figure-spectrum g.point.eigenvalue").first().focus();
        StudyView.Spectrum spectrum = newest(VIEW.runs().getFirst());
        assertThat(page.locator("#tip")).containsText("8 data sets of 80 sentences");
        assertThat(text(page, "#tip"))
                .contains(
                        "largest eigenvalue",
                        "95 % interval",
                        "nats",
                        "residual",
                        String.valueOf(spectrum.estimatorSeed()))
                .contains("spectrum.lanczos, version 1, cpu, float32");
    }

    @Test
    void withoutASpectrumThereIsNoFigureOfOne() {
        Page page = open(PageViews.DONE);
        assertThat(page.locator("#spectrum")).isHidden();
    }
}

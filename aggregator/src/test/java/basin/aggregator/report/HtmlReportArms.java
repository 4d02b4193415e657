package basin.aggregator.report;

import basin.aggregator.view.StudyView;

/** The report's section on arms, for tests in other packages. */
public final class HtmlReportArms {
    private HtmlReportArms() {}

    /** Returns the section's markup. */
    public static String of(StudyView view) {
        return HtmlRenderer.of(ArmSection.of(view));
    }
}

package basin.aggregator.report;

import basin.aggregator.view.StudyView;

/** The report's part on arms, for tests of what it is made from. */
public final class HtmlReportArms {
    private HtmlReportArms() {}

    /** Its markup. */
    public static String of(StudyView view) {
        return HtmlRenderer.of(ArmSection.of(view));
    }
}

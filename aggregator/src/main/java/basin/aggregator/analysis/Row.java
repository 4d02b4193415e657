package basin.aggregator.analysis;

import basin.record.Finding;
import basin.study.CorrelationRow;

/**
 * A row of the table of correlations.
 *
 * @param follows whether its interval or p-value is still to be computed
 */
public record Row(CorrelationRow requested, Finding finding, boolean follows) {
    /** Creates a complete row. */
    public Row(CorrelationRow requested, Finding finding) {
        this(requested, finding, false);
    }

    /** Returns the row of a study to which no more results will come. */
    public Row settled() {
        return new Row(requested, Findings.settled(finding), follows);
    }
}

package basin.aggregator.analysis;

import basin.events.CorrelationRow;
import basin.events.Finding;

/** A row of the table of correlations. */
public record Row(CorrelationRow asked, Finding finding) {}

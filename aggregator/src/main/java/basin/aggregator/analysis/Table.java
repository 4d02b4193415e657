package basin.aggregator.analysis;

import java.util.List;

/**
 * A table of correlations. Immutable.
 *
 * @param whole whether every interval and p-value is there that its revision has; where not, the rows concerned say so in their notes
 */
public record Table(List<Row> rows, boolean whole) {
    public Table {
        rows = List.copyOf(rows);
    }
}

package basin.aggregator.analysis;

import java.util.List;

/** A table of correlations. Immutable. */
public record Table(List<Row> rows) {
    public Table {
        rows = List.copyOf(rows);
    }

    /** Whether every interval and p-value is there that its revision has. */
    public boolean whole() {
        return rows.stream().noneMatch(Row::follows);
    }
}

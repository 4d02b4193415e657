package basin.dashboards;

/**
 * A PromQL query of a panel.
 *
 * @param expression PromQL with Grafana's variables
 * @param legend name of its series, with labels as {@code {{label}}}
 * @param form form of the result
 */
public record Query(String expression, String legend, Form form) {
    /** The form of a query's result. */
    public enum Form {
        /** Values over the dashboard's time range. */
        RANGE,
        /** The newest values. */
        INSTANT,
        /** The newest values as a table with labels as columns. */
        TABLE
    }

    static Query range(String expression, String legend) {
        return new Query(expression, legend, Form.RANGE);
    }

    static Query instant(String expression, String legend) {
        return new Query(expression, legend, Form.INSTANT);
    }

    static Query table(String expression) {
        return new Query(expression, "", Form.TABLE);
    }

    /** Returns the requirement for the query to return data. */
    public Need need() {
        return need(expression);
    }

    /** Returns the requirement for an expression to return data. */
    public static Need need(String expression) {
        if (expression.contains("DCGM_")) {
            return Need.GPU;
        }
        if (expression.contains("ALERTS")) {
            return Need.ALERT;
        }
        return Need.NONE;
    }
}

package basin.dashboards;

/**
 * A PromQL query of a panel.
 *
 * @param expression PromQL with Grafana's variables
 * @param legend of its series, with labels as {@code {{label}}}
 * @param form over time, or one instant
 */
public record Query(String expression, String legend, Form form) {
    /** What is asked of the query. */
    public enum Form {
        /** Over the dashboard's time. */
        RANGE,
        /** Its newest values. */
        INSTANT,
        /** Its newest values, as a table with labels as columns. */
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

    /** What must be there for it to return data. */
    public Need need() {
        return need(expression);
    }

    /** What must be there for an expression to return data. */
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

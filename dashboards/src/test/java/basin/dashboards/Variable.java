package basin.dashboards;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A variable that a viewer sets at the top of a dashboard.
 *
 * @param name name in queries, after a dollar sign
 * @param label name for the viewer
 * @param query Grafana's {@code label_values(…)} or {@code query_result(…)}; its order is the order
 *     of the choices
 * @param regex part of a result that is the choice, between slashes; empty for the whole result
 * @param several whether several choices, or all, may be selected
 */
public record Variable(String name, String label, String query, String regex, boolean several) {

    /** Returns a variable for the values of a label. */
    static Variable values(String name, String label, String series, String of, boolean several) {
        return new Variable(name, label, "label_values(" + series + ", " + of + ")", "", several);
    }

    ObjectNode json() {
        ObjectNode variable =
                Json.object().put("type", "query").put("name", name).put("label", label);
        variable.set("datasource", Json.source());
        ObjectNode requested = Json.object().put("refId", "PrometheusVariableQueryEditor-VariableQuery");
        requested.put("qryType", query.startsWith("label_values") ? 1 : 3).put("query", query);
        variable.set("query", requested);
        variable.put("definition", query)
                .put("regex", regex)
                // Refresh when the time range changes, because new studies may appear while the
                // board is open.
                .put("refresh", 2)
                .put("sort", query.startsWith("label_values") ? 1 : 0)
                .put("multi", several)
                .put("includeAll", several)
                .put("hide", 0);
        if (several) {
            variable.put("allValue", ".*");
            variable.set("current", Json.object().put("text", "All").put("value", "$__all"));
        } else {
            variable.set("current", Json.object());
        }
        variable.set("options", Json.array());
        return variable;
    }
}

package basin.dashboards;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Marks on the time axis where an expression is above zero.
 *
 * @param name name for the viewer
 * @param expression PromQL with Grafana's variables
 * @param colour Grafana's name of the colour
 * @param text text of a mark, with labels as {@code {{label}}}
 */
public record Annotation(String name, String expression, String colour, String text) {
    ObjectNode json() {
        ObjectNode annotation =
                Json.object().put("name", name).put("enable", true).put("iconColor", colour);
        annotation.set("datasource", Json.source());
        annotation.put("titleFormat", name).put("textFormat", text).put("tagKeys", "study");
        annotation.set(
                "target",
                Json.object().put("refId", "Anno").put("expr", expression).put("interval", "5s"));
        return annotation;
    }
}

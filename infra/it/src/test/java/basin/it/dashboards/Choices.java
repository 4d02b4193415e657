package basin.it.dashboards;

import basin.dashboards.Dashboard;
import basin.dashboards.Variable;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The initial values of a dashboard's variables, determined as Grafana does: each variable's first
 * choice.
 */
final class Choices {
    private static final Pattern VALUES = Pattern.compile("label_values\\((.*), (\\w+)\\)");
    private static final Pattern RESULT = Pattern.compile("query_result\\((.*)\\)");
    private final Map<String, String> values =
            new HashMap<>(Map.of("__interval", "5s", "__rate_interval", "10s", "__range", "5m"));
    private final List<String> without = new ArrayList<>();

    /** Determines the values of a dashboard's variables. */
    Choices(Prometheus prometheus, Dashboard board) {
        for (Variable variable : board.variables()) {
            Optional<String> first = first(prometheus, variable);
            if (variable.several() && first.isPresent()) {
                values.put(variable.name(), ".*");
            } else if (first.isPresent()) {
                values.put(variable.name(), first.get());
            } else {
                without.add(variable.name() + ": " + in(variable.query()));
            }
        }
    }

    /** Returns the variables that have no choice. */
    List<String> without() {
        return List.copyOf(without);
    }

    String of(String variable) {
        return values.getOrDefault(variable, "");
    }

    /** Returns an expression with its variables replaced. */
    String in(String expression) {
        String text = expression;
        for (Map.Entry<String, String> choice : values.entrySet()) {
            text = text.replaceAll("\\$\\{?" + choice.getKey() + "\\b}?", Matcher.quoteReplacement(choice.getValue()));
        }
        return text;
    }

    private Optional<String> first(Prometheus prometheus, Variable variable) {
        String query = in(variable.query());
        Matcher labels = VALUES.matcher(query);
        if (labels.matches()) {
            for (JsonNode series : prometheus.instant(labels.group(1))) {
                return Optional.of(series.path("metric").path(labels.group(2)).asText());
            }
            return Optional.empty();
        }
        Matcher result = RESULT.matcher(query);
        if (!result.matches()) {
            throw new IllegalArgumentException("This variable's query is of no known kind: " + query);
        }
        Pattern wanted =
                Pattern.compile(variable.regex().substring(1, variable.regex().length() - 1));
        for (JsonNode series : prometheus.instant(result.group(1))) {
            List<String> written = new ArrayList<>();
            series.path("metric")
                    .properties()
                    .forEach(label -> written.add(
                            label.getKey() + "=\"" + label.getValue().asText() + "\""));
            Matcher found = wanted.matcher("{" + String.join(",", written) + "}");
            if (found.find()) {
                return Optional.of(variable.regex().contains("<value>") ? found.group("value") : found.group(1));
            }
        }
        return Optional.empty();
    }
}

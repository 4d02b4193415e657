package basin.dashboards;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A builder of a panel: its queries, its unit and its thresholds. Confined to one thread. */
public final class Panel {
    private static final String REF_IDS = "ABCDEFGH";

    private final String type;
    private final String title;
    private final String description;
    private final Unit unit;
    private final List<Query> queries = new ArrayList<>();
    private final List<Threshold> thresholds = new ArrayList<>();
    private final ArrayNode overrides = Json.array();
    private final ArrayNode transformations = Json.array();
    private final ArrayNode links = Json.array();
    private final ObjectNode custom = Json.object();
    private final ObjectNode options = Json.object();
    private OptionalInt decimals = OptionalInt.empty();
    private OptionalDouble min = OptionalDouble.empty();
    private OptionalDouble max = OptionalDouble.empty();
    private String none = "";
    private String scale = "";

    private Panel(String type, String title, String description, Unit unit) {
        this.type = type;
        this.title = title;
        this.description = description;
        this.unit = unit;
    }

    /** Creates a panel with lines over time. */
    static Panel lines(String title, Unit unit, String description) {
        Panel panel = new Panel("timeseries", title, description, unit);
        panel.custom
                .put("drawStyle", "line")
                .put("lineWidth", 1)
                .put("fillOpacity", 0)
                .put("showPoints", "auto")
                .put("spanNulls", false)
                .set("stacking", Json.object().put("mode", "none").put("group", "A"));
        panel.options.set("legend", legend("list"));
        panel.options.set("tooltip", Json.object().put("mode", "multi").put("sort", "desc"));
        return panel;
    }

    /** Creates a panel with the newest values in large digits. */
    static Panel numbers(String title, Unit unit, String description) {
        Panel panel = new Panel("stat", title, description, unit);
        panel.options
                .put("colorMode", "value")
                .put("graphMode", "none")
                .put("justifyMode", "auto")
                .put("textMode", "auto")
                .put("orientation", "auto");
        panel.options.set("reduceOptions", newest());
        return panel;
    }

    /** Creates a panel with the newest values as bars. */
    static Panel bars(String title, Unit unit, String description) {
        Panel panel = new Panel("bargauge", title, description, unit);
        panel.options
                .put("displayMode", "basic")
                .put("orientation", "horizontal")
                .put("showUnfilled", true)
                .put("valueMode", "color");
        panel.options.set("reduceOptions", newest());
        return panel;
    }

    /** Creates a panel with the newest values as table rows. */
    static Panel table(String title, Unit unit, String description) {
        Panel panel = new Panel("table", title, description, unit);
        panel.options.put("showHeader", true).put("cellHeight", "sm");
        // Grafana's default of 150 would push the last columns out of view.
        panel.custom.put("minWidth", 90);
        panel.custom.put("align", "auto").set("cellOptions", Json.object().put("type", "auto"));
        return panel;
    }

    /** Creates a scatter plot with one colour per value of a column. */
    static Panel points(String title, Unit unit, String description, String x, String y) {
        Panel panel = new Panel("xychart", title, description, unit);
        panel.custom
                .put("show", "points")
                .put("pointShape", "circle")
                .put("pointStrokeWidth", 1)
                .put("fillOpacity", 60)
                .put("axisPlacement", "auto")
                .set("pointSize", Json.object().put("fixed", 9));
        panel.options.put("mapping", "auto");
        ObjectNode series = Json.object();
        series.set("x", Json.object("matcher", Json.choice("byName", x)));
        series.set("y", Json.object("matcher", Json.choice("byName", y)));
        panel.options.set("series", Json.array().add(series));
        panel.options.set("legend", legend("list"));
        panel.options.set("tooltip", Json.object().put("mode", "single").put("sort", "none"));
        return panel;
    }

    private static ObjectNode legend(String mode) {
        return Json.object()
                .put("displayMode", mode)
                .put("placement", "bottom")
                .put("showLegend", true)
                .set("calcs", Json.array());
    }

    private static ObjectNode newest() {
        return Json.object()
                .put("values", false)
                .put("fields", "")
                .set("calcs", Json.array().add("lastNotNull"));
    }

    Panel ask(Query query) {
        queries.add(query);
        return this;
    }

    Panel decimals(int digits) {
        decimals = OptionalInt.of(digits);
        return this;
    }

    Panel between(double low, double high) {
        max = OptionalDouble.of(high);
        return from(low);
    }

    Panel from(double low) {
        min = OptionalDouble.of(low);
        return this;
    }

    /**
     * Sets an axis that reaches at least 1, for counts that are mostly zero, because Grafana's
     * default then reaches 100.
     */
    Panel mostlyZero() {
        custom.put("axisSoftMax", 1);
        return from(0).decimals(0);
    }

    /**
     * Adds a colour for values from the given one up; values below the first threshold are green.
     */
    Panel threshold(double from, String colour) {
        thresholds.add(new Threshold(from, colour));
        return this;
    }

    /** Sets the text that is shown if there is no value or the value is NaN. */
    Panel whereNone(String text) {
        none = text;
        return this;
    }

    /** Colours the cells of a table by their values, on one of Grafana's scales. */
    Panel scale(String name) {
        scale = name;
        custom.set("cellOptions", Json.object().put("type", "color-background").put("mode", "basic"));
        return this;
    }

    /** Sorts the rows by a column. */
    Panel sorted(String column, boolean descending) {
        options.set(
                "sortBy",
                Json.array().add(Json.object().put("displayName", column).put("desc", descending)));
        return this;
    }

    /** Sets properties of the result of one query. */
    Panel forQuery(String refId, ObjectNode... properties) {
        return override(Json.choice("byFrameRefID", refId), properties);
    }

    /** Sets properties of one field. */
    Panel forField(String name, ObjectNode... properties) {
        return override(Json.choice("byName", name), properties);
    }

    /**
     * Sets properties of all fields whose names match a regular expression, given between slashes.
     */
    Panel forFields(String regex, ObjectNode... properties) {
        return override(Json.choice("byRegexp", regex), properties);
    }

    private Panel override(ObjectNode matcher, ObjectNode... properties) {
        ObjectNode override = Json.object();
        override.set("matcher", matcher);
        override.set("properties", Json.array().addAll(List.of(properties)));
        overrides.add(override);
        return this;
    }

    Panel transform(String id, Object settings) {
        transformations.add(Json.choice(id, settings));
        return this;
    }

    /**
     * Merges the queries into one table without the time.
     *
     * @param order names of the columns in order, separated by blanks; none for the queries' order
     * @param names new names of columns, as for {@link Json#names}
     * @param left names of other columns that are left out
     */
    Panel merged(String order, String names, String... left) {
        Map<String, Object> settings = new TreeMap<>();
        Map<String, Boolean> leftOut = new TreeMap<>(Map.of("Time", true));
        Stream.of(left).forEach(name -> leftOut.put(name, true));
        settings.put("excludeByName", leftOut);
        settings.put("renameByName", Json.names(names));
        if (!order.isEmpty()) {
            settings.put("indexByName", Json.order(order));
        }
        return transform("merge", Map.of()).transform("organize", settings);
    }

    Panel option(String name, String value) {
        options.put(name, value);
        return this;
    }

    /** Adds a link to every value. */
    Panel link(String name, String url) {
        links.add(Json.object().put("title", name).put("url", url).put("targetBlank", true));
        return this;
    }

    /** Returns the title. */
    public String title() {
        return title;
    }

    /** Returns the queries. */
    public List<Query> queries() {
        return List.copyOf(queries);
    }

    ObjectNode json(int id, Place place) {
        ObjectNode panel = Json.object().put("id", id).put("type", type).put("title", title);
        panel.put("description", description);
        panel.set("datasource", Json.source());
        panel.set("gridPos", place.json());
        ObjectNode field = Json.object();
        field.set("defaults", defaults());
        field.set("overrides", overrides);
        panel.set("fieldConfig", field);
        panel.set("options", options);
        ArrayNode targets = panel.putArray("targets");
        for (int i = 0; i < queries.size(); i++) {
            targets.add(target(REF_IDS.substring(i, i + 1), queries.get(i)));
        }
        panel.set("transformations", transformations);
        return panel;
    }

    private ObjectNode defaults() {
        ObjectNode defaults = Json.object().put("unit", unit.id());
        decimals.ifPresent(digits -> defaults.put("decimals", digits));
        min.ifPresent(value -> defaults.put("min", value));
        max.ifPresent(value -> defaults.put("max", value));
        if (!none.isEmpty()) {
            defaults.put("noValue", none);
            ObjectNode words = Json.object().put("type", "special");
            words.set("options", Json.object().put("match", "nan").set("result", Json.object("text", none)));
            defaults.set("mappings", Json.array().add(words));
        }
        ArrayNode steps = Json.array();
        // A panel without thresholds has a neutral colour.
        steps.add(Json.object().putNull("value").put("color", thresholds.isEmpty() ? "text" : "green"));
        thresholds.forEach(
                step -> steps.add(Json.object().put("value", step.from()).put("color", step.colour())));
        defaults.set("thresholds", Json.object().put("mode", "absolute").set("steps", steps));
        boolean series = type.equals("timeseries") || type.equals("xychart");
        String usual = series ? "palette-classic" : "thresholds";
        defaults.set("color", Json.object("mode", scale.isEmpty() ? usual : scale));
        defaults.set("custom", custom);
        defaults.set("links", links);
        return defaults;
    }

    private static ObjectNode target(String refId, Query query) {
        ObjectNode target = Json.object().put("refId", refId);
        target.set("datasource", Json.source());
        return target.put("editorMode", "code")
                .put("expr", query.expression())
                .put("legendFormat", query.legend().isEmpty() ? "__auto" : query.legend())
                .put("range", query.form() == Query.Form.RANGE)
                .put("instant", query.form() != Query.Form.RANGE)
                .put("format", query.form() == Query.Form.TABLE ? "table" : "time_series");
    }
}

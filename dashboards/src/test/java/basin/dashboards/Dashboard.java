package basin.dashboards;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A builder of a dashboard, whose panels flow from left to right and begin a new line when 24
 * columns are full. Confined to one thread.
 */
public final class Dashboard {
    /** Version of the JSON schema that Grafana 11 writes; Grafana 12 reads it too. */
    private static final int SCHEMA = 39;

    private final String name;
    private final String title;
    private final String description;
    private final List<Variable> variables = new ArrayList<>();
    private final List<Annotation> annotations = new ArrayList<>();
    private final List<Panel> panels = new ArrayList<>();
    private final ArrayNode shown = Json.array();
    private final ArrayNode links = Json.array();
    private ArrayNode line = shown;
    private int id;
    private int x;
    private int y;
    private int height;
    private int width;
    private int cells;

    private Dashboard(String name, String title, String description) {
        this.name = name;
        this.title = title;
        this.description = description;
    }

    static Dashboard of(String name, String title, String description) {
        return new Dashboard(name, title, description);
    }

    Dashboard choose(Variable variable) {
        variables.add(variable);
        return this;
    }

    Dashboard mark(Annotation annotation) {
        annotations.add(annotation);
        return this;
    }

    Dashboard link(String text, String url) {
        links.add(Json.object()
                .put("type", "link")
                .put("title", text)
                .put("url", url)
                .put("icon", "external link")
                .put("tooltip", text)
                .put("targetBlank", true)
                .put("keepTime", false)
                .put("includeVars", false)
                .put("asDropdown", false)
                .set("tags", Json.array()));
        return this;
    }

    /** Begins a section with a heading. */
    Dashboard section(String heading) {
        return section(heading, false);
    }

    /** Begins a section that is initially collapsed. */
    Dashboard folded(String heading) {
        return section(heading, true);
    }

    private Dashboard section(String heading, boolean folded) {
        newLine();
        ObjectNode row = Json.object().put("id", ++id).put("type", "row").put("title", heading);
        row.put("collapsed", folded).set("gridPos", new Place(0, y, Place.COLUMNS, 1).json());
        ArrayNode own = row.putArray("panels");
        shown.add(row);
        line = folded ? own : shown;
        y += 1;
        return this;
    }

    /** Sets the width and height of the following panels, in grid cells. */
    Dashboard size(int wide, int high) {
        width = wide;
        cells = high;
        return this;
    }

    /** Adds a panel of the present size. */
    Dashboard add(Panel panel) {
        return add(width, cells, panel);
    }

    /** Adds a panel of the given width and height, in grid cells. */
    Dashboard add(int wide, int high, Panel panel) {
        if (x + wide > Place.COLUMNS) {
            newLine();
        }
        line.add(panel.json(++id, new Place(x, y, wide, high)));
        panels.add(panel);
        x += wide;
        height = Math.max(height, high);
        return this;
    }

    private void newLine() {
        y += height;
        x = 0;
        height = 0;
    }

    /** Returns the file's name without its extension. */
    public String name() {
        return name;
    }

    /** Returns the panels in order. */
    public List<Panel> panels() {
        return List.copyOf(panels);
    }

    /** Returns the variables in an order in which each may depend on those before it. */
    public List<Variable> variables() {
        return List.copyOf(variables);
    }

    /** Returns the marks on the time axis. */
    public List<Annotation> annotations() {
        return List.copyOf(annotations);
    }

    /** Returns all PromQL expressions of panels and annotations. */
    public Stream<String> expressions() {
        return Stream.concat(
                panels.stream().flatMap(panel -> panel.queries().stream()).map(Query::expression),
                annotations.stream().map(Annotation::expression));
    }

    /** Returns the content of the dashboard's file. */
    public String json() {
        ObjectNode board =
                Json.object().putNull("id").put("uid", "basin-" + name).put("title", title);
        board.put("description", description);
        board.set("tags", Json.array().add("basin"));
        board.put("schemaVersion", SCHEMA)
                .put("version", 1)
                .put("editable", false)
                .put("graphTooltip", 1)
                .put("timezone", "browser")
                .put("refresh", "5s")
                .put("weekStart", "");
        board.set("time", Json.object().put("from", "now-30m").put("to", "now"));
        ArrayNode choices = Json.array();
        variables.forEach(variable -> choices.add(variable.json()));
        board.set("templating", Json.object().set("list", choices));
        ArrayNode marks = Json.array();
        annotations.forEach(annotation -> marks.add(annotation.json()));
        board.set("annotations", Json.object().set("list", marks));
        board.set("links", links);
        board.set("panels", shown);
        return Json.text(board);
    }
}

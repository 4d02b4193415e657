package basin.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the dashboard files in the repository. */
final class Generated {
    static final Path DASHBOARDS = Path.of("grafana/dashboards");
    private static final Path PROVISIONING = Path.of("grafana/provisioning");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private Generated() {}

    static JsonNode board(Dashboard board) throws IOException {
        return new ObjectMapper().readTree(file(board).toFile());
    }

    static Path file(Dashboard board) {
        return DASHBOARDS.resolve(board.name() + ".json");
    }

    static JsonNode provisioning(String file) throws IOException {
        return YAML.readTree(Files.readString(PROVISIONING.resolve(file)));
    }

    /** Returns all panels of a board, including rows and the panels collapsed in them. */
    static List<JsonNode> panels(JsonNode board) {
        List<JsonNode> panels = new ArrayList<>();
        for (JsonNode panel : board.path("panels")) {
            panels.add(panel);
            panel.path("panels").forEach(panels::add);
        }
        return panels;
    }

    static boolean row(JsonNode panel) {
        return panel.path("type").asText().equals("row");
    }
}

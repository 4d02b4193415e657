package basin.dashboards;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** All dashboards, and the program that writes them. */
public final class Boards {
    /** The provisioned data source. */
    static final String SOURCE_UID = "basin-prometheus";

    /** Where the page is, as a browser on the host reaches it. */
    static final String PAGE = "http://127.0.0.1:8642/";

    private Boards() {}

    /** The dashboards, made anew. */
    public static List<Dashboard> all() {
        return List.of(StudyBoard.board(), PipelineBoard.board(), ServicesBoard.board());
    }

    /**
     * Writes each dashboard into a folder, as {@code NAME.json}.
     *
     * @param arguments the folder
     * @throws IOException where it cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Files.createDirectories(folder);
        for (Dashboard board : all()) {
            Files.write(folder.resolve(board.name() + ".json"), board.json().getBytes(StandardCharsets.UTF_8));
        }
    }
}

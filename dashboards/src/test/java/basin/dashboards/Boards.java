package basin.dashboards;

import java.util.List;

/** All dashboards. */
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
}

package basin.dashboards;

import java.util.List;

/** All dashboards. */
public final class Boards {
    /** Id of the provisioned data source. */
    static final String SOURCE_UID = "basin-prometheus";

    /** Address of the page, for a browser on the host. */
    static final String PAGE = "http://127.0.0.1:8642/";

    private Boards() {}

    /** Creates all dashboards. */
    public static List<Dashboard> all() {
        return List.of(StudyBoard.board(), PipelineBoard.board(), ServicesBoard.board());
    }
}

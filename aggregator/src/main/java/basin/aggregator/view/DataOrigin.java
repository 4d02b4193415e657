package basin.aggregator.view;

import basin.study.EnumName;
import basin.study.ProgramVersion;
import basin.study.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The origin of the tables of a folder: the metadata of each Arrow file, and of the CSV files in
 * {@code metadata.json}. Immutable.
 *
 * @param question text of the analysis file; empty for the study's own question
 * @param generation name of the answer; {@code live} for the study's own table
 */
public record DataOrigin(String question, String generation) {
    /** The study's own question. */
    public static final DataOrigin OWN = new DataOrigin("", "live");

    /** The file for {@code metadata.json}. */
    private record Described(
            String studyId,
            String name,
            long revisionEvents,
            String revisionDigest,
            String question,
            String questionSha256,
            String generation,
            String programVersion,
            String lossKind,
            List<Table> tables) {}

    private record Table(String table, String about, List<String> key, int rows, List<Column> columns) {}

    private record Column(String name, String type, String unit, String about, String absent) {}

    /** Returns the metadata of an Arrow file. */
    Map<String, String> arrow(StudyView view) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("basin.study", view.studyId());
        about.put("basin.study.name", view.name());
        about.put("basin.revision.events", String.valueOf(view.revision().events()));
        about.put("basin.revision.digest", view.revision().digest());
        about.put("basin.question", question);
        about.put("basin.question.sha256", hash());
        about.put("basin.generation", generation);
        about.put("basin.version", ProgramVersion.current().version());
        about.put("basin.loss.kind", view.loss().kind());
        return about;
    }

    /** Returns the file {@code metadata.json}: the same, and all tables with their columns. */
    byte[] json(StudyView view) {
        return ViewJson.canonical(new Described(
                view.studyId(),
                view.name(),
                view.revision().events(),
                view.revision().digest(),
                question,
                hash(),
                generation,
                ProgramVersion.current().version(),
                view.loss().kind(),
                DataTables.ALL.stream().map(table -> described(table, view)).toList()));
    }

    private static <R> Table described(DataTable<R> table, StudyView view) {
        return new Table(
                table.name(),
                table.about(),
                table.key(),
                table.rows().apply(view).size(),
                table.columns().stream()
                        .map(column -> new Column(
                                column.name(),
                                EnumName.of(column.type()),
                                column.unit(),
                                column.about(),
                                column.absent()))
                        .toList());
    }

    private String hash() {
        return Sha256.hex(question.getBytes(StandardCharsets.UTF_8));
    }
}

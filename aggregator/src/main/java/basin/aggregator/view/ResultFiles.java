package basin.aggregator.view;

import basin.study.WholeFile;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Results as files. The same view and origin give identical bytes. */
public final class ResultFiles {
    /** Names of columns that are a part of another column's value. */
    private static final Pattern PART = Pattern.compile("(^|_)(stderr|low|high)$");

    private ResultFiles() {}

    /** The file {@code view.json}: the view, and the unit of each of its fields that has one. */
    private record ViewFile(@JsonUnwrapped StudyView view, Map<String, String> units) {}

    /**
     * Writes the answer to the study's own question as {@link #write(StudyView, DataOrigin, Path)}.
     */
    public static void write(StudyView view, Path folder) throws IOException {
        write(view, DataOrigin.OWN, folder);
    }

    /**
     * Writes into an existing folder every table as CSV and as an Arrow file, {@code metadata.json}
     * with the origin and the columns of the tables, {@code view.json} with all results, and
     * {@code table.txt} with the correlations for reading.
     *
     * @throws IOException if a file cannot be written
     */
    public static void write(StudyView view, DataOrigin origin, Path folder) throws IOException {
        for (DataTable<?> table : DataTables.ALL) {
            WholeFile.write(folder.resolve(table.name() + ".csv"), table.csv(view));
            WholeFile.write(
                    folder.resolve(table.name() + ".arrow"), place -> table.arrow(view, origin.arrow(view), place));
        }
        WholeFile.write(folder.resolve("metadata.json"), origin.json(view));
        WholeFile.write(folder.resolve("view.json"), ViewJson.canonical(new ViewFile(view, units())));
        WholeFile.write(folder.resolve("table.txt"), ResultTable.of(view));
    }

    /**
     * Returns the units of the fields of {@code view.json}, by table and field, such as
     * {@code losses.loss}. A standard error and the ends of an interval have their value's unit.
     */
    private static Map<String, String> units() {
        Map<String, String> units = new TreeMap<>();
        for (DataTable<?> table : DataTables.ALL) {
            for (DataColumn<?> column : table.columns()) {
                if (!column.unit().isEmpty() && !PART.matcher(column.name()).find()) {
                    units.put(table.name() + "." + ViewJson.field(column.name()), column.unit());
                }
            }
        }
        return units;
    }
}

package basin.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.view.DataTables;
import basin.aggregator.view.ResultFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that pandas and DuckDB read the tables, and that the examples of the reference run. */
class DataReadersTest {
    private static final Path REFERENCE = Path.of("../infra/docs/data.md");
    private static final Pattern CODE = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);
    private static final String SAME_ROWS = """
        import json, duckdb, pandas
        for about in json.load(open("metadata.json", encoding="utf-8"))["tables"]:
            name = about["table"]
            kinds = {"text": "string", "real": "float64", "whole": "Int64", "flag": "boolean"}
            kinds = {column["name"]: kinds[column["type"]] for column in about["columns"]}
            csv = pandas.read_csv(name + ".csv", dtype=kinds, keep_default_na=False, na_values=[""])
            arrow = pandas.read_feather(name + ".arrow").astype(kinds)
            pandas.testing.assert_frame_equal(csv, arrow, check_exact=True)
            assert len(csv) == about["rows"], name
            kinds = {"text": "VARCHAR", "real": "DOUBLE", "whole": "BIGINT", "flag": "BOOLEAN"}
            kinds = {column["name"]: kinds[column["type"]] for column in about["columns"]}
            arrow = __import__("pyarrow.feather").feather.read_table(name + ".arrow")
            one = duckdb.sql("SELECT * FROM read_csv($file, columns = $kinds, header = true)",
                             params={"file": name + ".csv", "kinds": kinds}).fetchall()
            other = duckdb.sql("SELECT * FROM arrow").fetchall()
            assert one == other and len(one) == about["rows"], name
            print(name, len(one), "rows are the same")
        """;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void results() throws Exception {
        Python.needs("pandas");
        Python.needs("pyarrow");
        Python.needs("duckdb");
        ResultFiles.write(PageServer.view(SyntheticStudy.complete(SyntheticStudy.quick(), 1)), folder);
    }

    @Test
    void csvAndArrowHoldTheSameRows() throws Exception {
        Python.Ended ended = Python.run(folder, "-c", SAME_ROWS);
        assertThat(ended.status()).as(ended.said()).isZero();
        DataTables.ALL.forEach(table -> assertThat(ended.said()).contains(table.name() + " "));
    }

    @Test
    void theExamplesOfTheReferenceRun() throws Exception {
        List<String> examples = CODE.matcher(Files.readString(REFERENCE))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertThat(examples).hasSize(2);
        for (String example : examples) {
            Python.Ended ended = Python.run(folder, "-c", example);
            assertThat(ended.status()).as(ended.said()).isZero();
            assertThat(ended.said()).contains("above_untrained");
        }
    }
}

package basin.cli.ingest;

import basin.study.Refusal;
import basin.study.file.Utf8Files;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A table of scores as CSV (RFC 4180): a header with {@code run,step,task,score} and
 * {@code stderr}, {@code n} or both, in any order, and one score per line. Fields may be quoted;
 * blanks around an unquoted field are ignored.
 */
final class ScoreTable {
    private static final List<String> NEEDED = List.of("run", "step", "task", "score");
    private static final List<String> COLUMNS = List.of("run", "step", "task", "score", "stderr", "n");
    private static final int MAX_BYTES = 100_000_000;
    private static final int MAX_ROWS = 1_000_000;
    private static final Pattern NUMBER = Pattern.compile("[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]+)?");
    private static final CsvFactory CSV = CsvFactory.builder()
            .enable(CsvParser.Feature.TRIM_SPACES)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .build();

    private final String file;
    private final List<String> header;

    private ScoreTable(String file, List<String> header) {
        this.file = file;
        this.header = header;
    }

    private record Row(int line, List<String> cells) {}

    /**
     * Reads a file.
     *
     * @param taken receives each line's score
     * @param refused receives one sentence for each line without a valid score
     * @throws Refusal if the header is invalid or the file is not CSV
     */
    static void read(Path file, Consumer<Score.Given> taken, Consumer<String> refused) throws IOException {
        List<Row> rows = rows(file);
        List<String> header = rows.isEmpty() ? List.of() : rows.getFirst().cells();
        ScoreTable table = new ScoreTable(file.toString(), header);
        table.checkHeader();
        for (Row row : rows.subList(1, rows.size())) {
            try {
                taken.accept(table.score(row));
            } catch (Refusal bad) {
                refused.accept(String.valueOf(bad.getMessage()));
            }
        }
    }

    private static List<Row> rows(Path file) throws IOException {
        List<Row> rows = new ArrayList<>();
        int line = 1;
        try (CsvParser parser = CSV.createParser(Utf8Files.read(file, MAX_BYTES))) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.START_ARRAY) {
                List<String> cells = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    line = cells.isEmpty() ? parser.currentTokenLocation().getLineNr() : line;
                    cells.add(parser.getText());
                }
                if (rows.size() > MAX_ROWS) { // The header is the first.
                    throw new Refusal(file + " has more than " + MAX_ROWS + " scores: give it in parts.");
                }
                rows.add(new Row(line, cells));
            }
        } catch (JsonProcessingException bad) {
            throw new Refusal(
                    file + ", line " + line + " or behind, is no CSV: close every quote, and double those within.",
                    bad);
        }
        return rows;
    }

    private void checkHeader() {
        for (char other : new char[] {';', '\t', '|'}) {
            if (header.size() == 1 && header.getFirst().indexOf(other) >= 0) {
                throw new Refusal(file + ", line 1, has "
                        + (other == ';' ? "semicolons" : other == '\t' ? "tabs" : "bars")
                        + " between its columns: save it with commas between columns and points in numbers.");
            }
        }
        if (header.isEmpty() || header.stream().noneMatch(name -> COLUMNS.contains(name.toLowerCase(Locale.ROOT)))) {
            throw new Refusal(
                    file + " does not begin with " + String.join(",", COLUMNS) + ": give a line with these names.");
        }
        HashSet<String> seen = new HashSet<>();
        for (String name : header) {
            if (!COLUMNS.contains(name)) {
                String near = name.toLowerCase(Locale.ROOT);
                throw new Refusal(file + ", line 1: there is no column '" + name + "': "
                        + (COLUMNS.contains(near)
                                ? "write '" + near + "'."
                                : "give " + String.join(",", COLUMNS) + " alone."));
            }
            if (!seen.add(name)) {
                throw new Refusal(file + ", line 1, has the column '" + name + "' twice: give it once.");
            }
        }
        for (String name : NEEDED) {
            if (!seen.contains(name)) {
                throw new Refusal(file + ", line 1, has no column '" + name + "': give " + String.join(",", COLUMNS)
                        + ", of which stderr or n may be left out.");
            }
        }
    }

    private Score.Given score(Row row) {
        String where = file + ", line " + row.line();
        if (row.cells().size() != header.size()) {
            throw new Refusal(where + " has " + row.cells().size() + " columns: give " + header.size() + ", "
                    + String.join(",", header) + "; stderr or n may be empty.");
        }
        String step = cell(row, "step");
        if (!step.matches("[0-9]{1,9}")) {
            throw new Refusal(where + ": step is '" + step + "': give a whole number.");
        }
        return new Score.Given(
                where,
                cell(row, "run"),
                Integer.parseInt(step),
                cell(row, "task"),
                number(where, row, "score"),
                number(where, row, "stderr"),
                number(where, row, "n"));
    }

    /** Returns a cell's text; empty if the column does not exist. */
    private String cell(Row row, String column) {
        int at = header.indexOf(column);
        return at < 0 ? "" : row.cells().get(at).strip();
    }

    private OptionalDouble number(String where, Row row, String column) {
        String text = cell(row, column);
        if (text.isEmpty()) {
            return OptionalDouble.empty();
        }
        if (!NUMBER.matcher(text).matches()) {
            throw new Refusal(where + ": " + column + " is '" + text + "': give a number, such as 0.41.");
        }
        return OptionalDouble.of(Double.parseDouble(text));
    }
}

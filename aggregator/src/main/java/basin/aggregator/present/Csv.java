package basin.aggregator.present;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A CSV table (RFC 4180) in ASCII with a header. Numbers are not rounded. Immutable.
 *
 * @param <T> type of the objects that the lines describe
 */
public final class Csv<T> {
    private static final CsvMapper MAPPER = CsvMapper.builder()
            .enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING)
            .build();

    private final List<Column<T>> columns;

    /** A column; an absent value is an empty cell. */
    private record Column<T>(String name, Function<T, ?> value) {}

    private Csv(List<Column<T>> columns) {
        this.columns = columns;
    }

    /** Returns a table without columns. */
    public static <T> Csv<T> of() {
        return new Csv<>(List.of());
    }

    /** Returns this table with one more column. */
    public Csv<T> with(String name, Function<T, ?> value) {
        return new Csv<>(Stream.concat(columns.stream(), Stream.of(new Column<>(name, value)))
                .toList());
    }

    /** Returns the text of the file. */
    public String text(List<T> lines) {
        CsvSchema.Builder schema = CsvSchema.builder().setUseHeader(true).setLineSeparator("\r\n");
        columns.forEach(column -> schema.addColumn(column.name()));
        try {
            return MAPPER.writer(schema.build())
                    .writeValueAsString(lines.stream().map(this::cells).toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A table could not be written.", e);
        }
    }

    private Map<String, String> cells(T line) {
        return columns.stream()
                .collect(Collectors.toMap(
                        Column::name, column -> cell(column.value().apply(line))));
    }

    private static String cell(Object value) {
        return String.valueOf(
                value instanceof Optional<?> optional
                        ? optional.map(Object.class::cast).orElse("")
                        : value);
    }
}

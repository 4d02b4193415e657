package basin.aggregator.view;

import basin.aggregator.present.Csv;
import basin.record.Finding;
import basin.record.Interval;
import basin.study.EnumName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A table of results: what its rows are, and the one definition of its columns. CSV, Arrow and the
 * reference of columns are made from it, so they hold the same rows under the same names.
 * Immutable.
 *
 * @param <R> type of the objects that the rows describe
 * @param name base name of its files
 * @param about what a row is, as a sentence
 * @param key columns that identify a row
 */
public record DataTable<R>(
        String name, String about, List<String> key, List<DataColumn<R>> columns, Function<StudyView, List<R>> rows) {
    /** The sentence of an interval without ends. */
    static final String NO_INTERVAL = "no interval can be given";

    public DataTable {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }

    static <R> Builder<R> of(String name, String about) {
        return new Builder<>(name, about);
    }

    /** Returns the table as CSV (RFC 4180) with a header. A missing value is an empty cell. */
    public String csv(StudyView view) {
        Csv<R> csv = Csv.of();
        for (DataColumn<R> column : columns) {
            csv = csv.with(column.name(), column.value());
        }
        return csv.text(rows.apply(view));
    }

    /**
     * Writes the table as an Arrow file and overwrites an existing one.
     *
     * @param metadata metadata of the file
     * @throws IOException if the file cannot be written
     */
    void arrow(StudyView view, Map<String, String> metadata, Path file) throws IOException {
        ArrowFile.write(this, rows.apply(view), metadata, file);
    }

    /** Collects the columns of a table in order. Confined to one thread. */
    static final class Builder<R> {
        private final String name;
        private final String about;
        private final List<DataColumn<R>> columns = new ArrayList<>();
        private List<String> key = List.of();

        private Builder(String name, String about) {
            this.name = name;
            this.about = about;
        }

        Builder<R> key(String... names) {
            key = List.of(names);
            return this;
        }

        Builder<R> text(String column, String says, Function<R, ?> value) {
            return with(column, DataColumn.Type.TEXT, "", says, value);
        }

        Builder<R> real(String column, String unit, String says, Function<R, ?> value) {
            return with(column, DataColumn.Type.REAL, unit, says, value);
        }

        Builder<R> whole(String column, String unit, String says, Function<R, ?> value) {
            return with(column, DataColumn.Type.WHOLE, unit, says, value);
        }

        Builder<R> flag(String column, String says, Function<R, ?> value) {
            return with(column, DataColumn.Type.FLAG, "", says, value);
        }

        private Builder<R> with(String column, DataColumn.Type type, String unit, String says, Function<R, ?> value) {
            columns.add(DataColumn.of(column, type, unit, says, value));
            return this;
        }

        /** Says when the column that was added last has no value. */
        Builder<R> absent(String when) {
            columns.add(columns.removeLast().absent(when));
            return this;
        }

        /** Adds a measured value with its standard error and the ends of its interval. */
        Builder<R> estimate(String column, String unit, String says, Function<R, Estimate> value) {
            String end = " end of the 95 % interval of " + column;
            return real(column, unit, says, row -> value.apply(row).value())
                    .real(
                            column + "_stderr",
                            unit,
                            "Standard error of " + column,
                            row -> value.apply(row).standardError())
                    .real(
                            column + "_low",
                            unit,
                            "Lower" + end,
                            row -> value.apply(row).low())
                    .real(
                            column + "_high",
                            unit,
                            "Upper" + end,
                            row -> value.apply(row).high());
        }

        /** Adds a loss with its error and kind, and the sample behind it. */
        Builder<R> loss(Function<R, StudyView> view, Function<R, StudyView.Loss> loss) {
            return estimate(
                            "loss",
                            "nats",
                            "Loss a predicted token",
                            row -> loss.apply(row).loss())
                    .text(
                            "loss_kind",
                            "excess (above the known optimum) or held-out (the loss itself; the optimum is unknown)",
                            row -> view.apply(row).loss().kind())
                    .whole(
                            "sentences",
                            "sentences",
                            "Validation sentences behind the loss",
                            row -> loss.apply(row).sentences())
                    .whole(
                            "validation_seed",
                            "",
                            "Seed of the validation sentences",
                            row -> loss.apply(row).validationSeed());
        }

        /** Adds the interval of the column {@code value}. */
        Builder<R> interval(String unit, Function<R, Optional<Interval>> value) {
            return real(
                            "low",
                            unit,
                            "Lower end of the interval of value",
                            row -> value.apply(row).map(Interval::low))
                    .absent(NO_INTERVAL)
                    .real(
                            "high",
                            unit,
                            "Upper end of the interval of value",
                            row -> value.apply(row).map(Interval::high))
                    .absent(NO_INTERVAL)
                    .real(
                            "confidence",
                            "",
                            "Confidence level of the interval",
                            row -> value.apply(row).map(Interval::confidence))
                    .absent(NO_INTERVAL);
        }

        /** Adds a finding's status, value and interval. */
        Builder<R> finding(String says, Function<R, Finding> value) {
            return text(
                            "status",
                            "estimate, or why there is no value: not-yet, too-few-runs, not-measured,"
                                    + " not-identifiable or not-applicable",
                            row -> EnumName.of(value.apply(row).status()))
                    .real("value", "", says, row -> value.apply(row).value())
                    .absent("status is not estimate")
                    .interval("", row -> value.apply(row).interval());
        }

        DataTable<R> rows(Function<StudyView, List<R>> rows) {
            return new DataTable<>(name, about, key, columns, rows);
        }
    }
}

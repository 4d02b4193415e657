package basin.aggregator.present;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A part of a document, whatever it is rendered as. All texts are plain: renderers escape them. Immutable. */
public sealed interface Block {
    /** A heading, of level 2 or 3. */
    record Heading(int level, String text) implements Block {}

    /** A paragraph; a quiet one says how to read what stands beside it. */
    record Paragraph(String text, boolean quiet) implements Block {
        /** One that is not quiet. */
        public Paragraph(String text) {
            this(text, false);
        }
    }

    /** Text to be copied as it is. */
    record Code(String text) implements Block {}

    /** Names and values. */
    record Facts(Map<String, String> facts) implements Block {
        public Facts {
            facts = new LinkedHashMap<>(facts);
        }
    }

    /**
     * A table.
     *
     * @param caption may be empty
     * @param heads a title a column
     * @param rows as many cells each
     */
    record Table(String caption, List<String> heads, List<Row> rows) implements Block {
        public Table {
            heads = List.copyOf(heads);
            rows = List.copyOf(rows);
        }

        /**
         * Rows and columns in the order in which their cells come.
         *
         * @param corner title of the column of row names
         * @param absent text of a cell that does not come
         */
        public static Table of(String corner, String absent, List<Cell> cells) {
            Set<String> columns = new LinkedHashSet<>();
            Map<String, Map<String, String>> rows = new LinkedHashMap<>();
            for (Cell one : cells) {
                columns.add(one.column());
                rows.computeIfAbsent(one.row(), nothing -> new LinkedHashMap<>())
                        .put(one.column(), one.text());
            }
            return new Table(
                    "",
                    Stream.concat(Stream.of(corner), columns.stream()).toList(),
                    rows.entrySet().stream()
                            .map(row -> new Row(Stream.concat(
                                            Stream.of(row.getKey()),
                                            columns.stream()
                                                    .map(column ->
                                                            row.getValue().getOrDefault(column, absent)))
                                    .toList()))
                            .toList());
        }
    }

    /** A cell by the names of its row and column. */
    record Cell(String column, String row, String text) {}

    /** Cells; a row that the headline speaks of is emphasised. */
    record Row(List<String> cells, boolean emphasised) {
        public Row {
            cells = List.copyOf(cells);
        }

        /** A row like all others. */
        public Row(List<String> cells) {
            this(cells, false);
        }
    }

    /** Figures beside one another; small ones many a line. */
    record Figures(List<Figure> figures, boolean small) implements Block {
        public Figures {
            figures = List.copyOf(figures);
        }
    }

    /**
     * A figure.
     *
     * @param name of its file, without an ending
     * @param svg markup that the style sheet of its document colours
     * @param caption one or more sentences without the last stop
     */
    record Figure(String name, String svg, String caption) {}

    /** Blocks behind a line that opens them. */
    record Details(String summary, boolean open, List<Block> blocks) implements Block {
        public Details {
            blocks = List.copyOf(blocks);
        }
    }
}

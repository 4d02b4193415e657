package basin.aggregator.present;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A part of a document, independent of its format. All texts are plain; renderers escape them.
 * Immutable.
 */
public sealed interface Block {
    /** A heading, of level 1 to 3. */
    record Heading(int level, String text) implements Block {}

    /** A paragraph; a quiet one explains what is next to it. */
    record Paragraph(String text, boolean quiet) implements Block {
        /** Creates a paragraph that is not quiet. */
        public Paragraph(String text) {
            this(text, false);
        }
    }

    /** Text to be copied verbatim. */
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
     * @param heads one title per column
     * @param rows with one cell per column each
     */
    record Table(String caption, List<String> heads, List<Row> rows) implements Block {
        public Table {
            heads = List.copyOf(heads);
            rows = List.copyOf(rows);
        }

        /**
         * Creates a table whose rows and columns are in the order of the first occurrence of their
         * names.
         *
         * @param corner title of the column of row names
         * @param absent text of cells that are not given
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

    /** A cell with the names of its row and column. */
    record Cell(String column, String row, String text) {}

    /** A row of cells; the row that the headline refers to is emphasised. */
    record Row(List<String> cells, boolean emphasised) {
        public Row {
            cells = List.copyOf(cells);
        }

        /** Creates a row that is not emphasised. */
        public Row(List<String> cells) {
            this(cells, false);
        }
    }

    /** Figures side by side; more per line if they are small. */
    record Figures(List<Figure> figures, boolean small) implements Block {
        public Figures {
            figures = List.copyOf(figures);
        }
    }

    /**
     * A figure.
     *
     * @param name base name of its file, without an extension
     * @param svg markup, coloured by the document's style sheet
     * @param caption one or more sentences, without the last full stop
     */
    record Figure(String name, String svg, String caption) {}

    /** Blocks that are folded under a summary line. */
    record Details(String summary, boolean open, List<Block> blocks) implements Block {
        public Details {
            blocks = List.copyOf(blocks);
        }
    }
}

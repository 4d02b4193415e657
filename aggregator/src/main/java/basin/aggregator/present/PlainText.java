package basin.aggregator.present;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Renders blocks as text for a terminal, with columns as wide as their widest cell. Figures are
 * omitted. Pure functions.
 */
public final class PlainText {
    private PlainText() {}

    /** Returns the text; each line ends with a line feed. */
    public static String of(List<Block> blocks) {
        return blocks.stream().map(PlainText::of).collect(Collectors.joining());
    }

    /**
     * Returns the text with headings and paragraphs broken into lines of at most {@code columns}.
     * Tables are as wide as their cells.
     */
    public static String of(List<Block> blocks, int columns) {
        return of(blocks.stream().map(block -> wrapped(block, columns)).toList());
    }

    private static Block wrapped(Block block, int columns) {
        return switch (block) {
            case Block.Heading heading -> new Block.Heading(heading.level(), wrapped(heading.text(), columns));
            case Block.Paragraph paragraph ->
                new Block.Paragraph(wrapped(paragraph.text(), columns), paragraph.quiet());
            default -> block;
        };
    }

    private static String wrapped(String text, int columns) {
        return String.join("\n", Columns.wrap(text, columns));
    }

    private static String of(Block block) {
        return switch (block) {
            case Block.Heading heading -> "\n" + heading.text() + "\n";
            case Block.Paragraph paragraph -> paragraph.text() + "\n";
            case Block.Code code -> code.text() + "\n";
            case Block.Facts facts ->
                facts.facts().entrySet().stream()
                        .map(fact -> "  " + fact.getKey() + ": " + fact.getValue() + "\n")
                        .collect(Collectors.joining());
            case Block.Table table -> table(table);
            case Block.Figures ignored -> "";
            case Block.Details details -> "\n" + details.summary() + "\n" + of(details.blocks());
        };
    }

    private static String table(Block.Table table) {
        int[] widths = IntStream.range(0, table.heads().size())
                .map(column -> Math.max(
                        Columns.width(table.heads().get(column)),
                        table.rows().stream()
                                .mapToInt(row -> Columns.width(row.cells().get(column)))
                                .max()
                                .orElse(0)))
                .toArray();
        return (table.caption().isEmpty() ? "" : table.caption() + "\n")
                + line(table.heads(), widths)
                + table.rows().stream().map(row -> line(row.cells(), widths)).collect(Collectors.joining());
    }

    private static String line(List<String> cells, int[] widths) {
        return IntStream.range(0, widths.length)
                        .mapToObj(column -> Columns.pad(cells.get(column), widths[column]))
                        .collect(Collectors.joining("  ", "  ", ""))
                        .stripTrailing()
                + "\n";
    }
}

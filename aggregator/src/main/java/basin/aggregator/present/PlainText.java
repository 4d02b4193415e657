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
                        width(table.heads().get(column)),
                        table.rows().stream()
                                .mapToInt(row -> width(row.cells().get(column)))
                                .max()
                                .orElse(0)))
                .toArray();
        return (table.caption().isEmpty() ? "" : table.caption() + "\n")
                + line(table.heads(), widths)
                + table.rows().stream().map(row -> line(row.cells(), widths)).collect(Collectors.joining());
    }

    private static String line(List<String> cells, int[] widths) {
        return IntStream.range(0, widths.length)
                        .mapToObj(column -> cells.get(column) + " ".repeat(widths[column] - width(cells.get(column))))
                        .collect(Collectors.joining("  ", "  ", ""))
                        .stripTrailing()
                + "\n";
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}

package basin.aggregator.report;

import basin.aggregator.present.Block;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Renders blocks as Markdown with separate figures. Confined to one thread. */
final class MarkdownRenderer {
    private final String folder;
    private final Map<String, String> pictures = new LinkedHashMap<>();

    /**
     * Creates a renderer.
     *
     * @param folder the folder of the figures, as the page refers to it
     */
    MarkdownRenderer(String folder) {
        this.folder = folder;
    }

    /** Returns the SVG of all figures rendered so far, by file name. */
    Map<String, String> pictures() {
        return pictures;
    }

    /** Returns the Markdown of these blocks, with a blank line after each. */
    String of(List<Block> blocks) {
        return blocks.stream().map(this::of).collect(Collectors.joining());
    }

    private String of(Block block) {
        return switch (block) {
            case Block.Heading heading -> "##" + "#".repeat(heading.level()) + " " + heading.text() + "\n\n";
            case Block.Paragraph paragraph -> paragraph.text() + "\n\n";
            case Block.Code code -> "```sh\n" + code.text() + "\n```\n\n";
            case Block.Facts facts ->
                facts.facts().entrySet().stream()
                        .map(fact -> "- " + fact.getKey() + ": " + fact.getValue() + "\n")
                        .collect(Collectors.joining("", "", "\n"));
            case Block.Table table ->
                (table.caption().isEmpty() ? "" : table.caption() + "\n\n")
                        + row(table.heads())
                        + "|" + "---|".repeat(table.heads().size()) + "\n"
                        + table.rows().stream().map(row -> row(row.cells())).collect(Collectors.joining())
                        + "\n";
            case Block.Figures figures ->
                figures.figures().stream().map(this::picture).collect(Collectors.joining(" ", "", "\n\n"))
                        + figures.figures().stream()
                                .map(figure -> figure.caption() + ".")
                                .collect(Collectors.joining(" ", "", "\n\n"));
            case Block.Details details ->
                "<details><summary>" + details.summary() + "</summary>\n\n" + of(details.blocks()) + "</details>\n\n";
        };
    }

    private String picture(Block.Figure figure) {
        String file = figure.name() + ".svg";
        pictures.put(file, Svg.alone(figure.svg()));
        return "<img src=\"" + folder + "/" + file + "\" width=\"49%\" alt=\"" + Html.escape(figure.caption()) + "\">";
    }

    private static String row(List<String> cells) {
        return cells.stream()
                .map(cell -> cell.replace("|", "\\|").replace("\n", " "))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}

package basin.aggregator.report;

import basin.aggregator.present.Block;
import java.util.List;
import java.util.stream.Collectors;

/** Renders blocks as HTML for the report's style sheet. Pure functions. */
final class HtmlRenderer {
    private HtmlRenderer() {}

    static String of(List<Block> blocks) {
        return blocks.stream().map(HtmlRenderer::of).collect(Collectors.joining());
    }

    private static String of(Block block) {
        return switch (block) {
            case Block.Heading heading -> tag("h" + heading.level(), "", heading.text());
            case Block.Paragraph paragraph -> tag("p", paragraph.quiet() ? "soft" : "", paragraph.text());
            case Block.Code code -> tag("pre", "", code.text());
            case Block.Facts facts ->
                "<dl>\n"
                        + facts.facts().entrySet().stream()
                                .map(fact -> tag("dt", "", fact.getKey()) + tag("dd", "", fact.getValue()))
                                .collect(Collectors.joining())
                        + "</dl>\n";
            case Block.Table table -> table(table);
            case Block.Figures figures ->
                "<div class=\"" + (figures.small() ? "runs" : "pair") + "\">\n"
                        + figures.figures().stream()
                                .map(figure -> "<figure>" + figure.svg() + "<figcaption>"
                                        + Html.escape(figure.caption()) + "</figcaption></figure>\n")
                                .collect(Collectors.joining())
                        + "</div>\n";
            case Block.Details details ->
                "<details" + (details.open() ? " open" : "") + ">" + tag("summary", "", details.summary())
                        + of(details.blocks()) + "</details>\n";
        };
    }

    private static String table(Block.Table table) {
        return "<div class=\"scroll\"><table>"
                + (table.caption().isEmpty() ? "" : tag("caption", "", table.caption()))
                + "<thead><tr>"
                + table.heads().stream()
                        .map(head -> "<th scope=\"col\">" + Html.escape(head) + "</th>")
                        .collect(Collectors.joining())
                + "</tr></thead>\n<tbody>\n"
                + table.rows().stream().map(HtmlRenderer::row).collect(Collectors.joining())
                + "</tbody></table></div>\n";
    }

    private static String row(Block.Row row) {
        return (row.emphasised() ? "<tr class=\"primary\">" : "<tr>")
                + row.cells().stream()
                        .map(cell -> "<td>" + Html.escape(cell) + "</td>")
                        .collect(Collectors.joining())
                + "</tr>\n";
    }

    static String tag(String name, String type, String text) {
        return "<" + name + (type.isEmpty() ? "" : " class=\"" + type + "\"") + ">" + Html.escape(text) + "</" + name
                + ">\n";
    }
}

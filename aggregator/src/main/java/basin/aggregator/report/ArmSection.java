package basin.aggregator.report;

import basin.aggregator.analysis.ArmRow;
import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.view.ArmTable;
import basin.aggregator.view.StudyView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A comparison of a study's arms with the reference arm: a dot plot with intervals for each
 * measure, and a table. Pure functions.
 */
final class ArmSection {
    private static final int LEFT = 250;
    private static final int RIGHT = 464;
    private static final int ROW = 22;
    private static final int TOP = 10;

    private ArmSection() {}

    /** The checkpoints at which arms are compared. */
    private record Place(ArmRow.At at, Optional<Double> level) {}

    /** Returns the figures of each place, then the table; nothing if the study has only one arm. */
    static List<Block> of(StudyView view) {
        if (view.arms().isEmpty()) {
            return List.of();
        }
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading(
                2, "Arms compared with " + view.arms().getFirst().reference()));
        blocks.add(new Block.Paragraph(ArmTable.caption(view), true));
        view.arms().stream()
                .map(row -> new Place(row.at(), row.level()))
                .distinct()
                .map(place -> ArmTable.at(view, place.at(), place.level()))
                .filter(rows -> !rows.isEmpty())
                .forEach(rows -> blocks.add(new Block.Details(
                        ArmTable.compared(view, rows.getFirst()), blocks.size() == 2, List.of(figures(view, rows)))));
        blocks.add(ArmTable.table(view, view.arms()));
        return blocks;
    }

    private static Block figures(StudyView view, List<ArmRow> rows) {
        return new Block.Figures(
                rows.stream()
                        .map(row -> ArmTable.title(view, row))
                        .distinct()
                        .map(title -> figure(
                                "arms",
                                title,
                                rows.stream()
                                        .filter(row -> ArmTable.title(view, row).equals(title))
                                        .toList()))
                        .toList(),
                false);
    }

    /** Draws one dot with its interval per arm, and a line at zero difference. */
    static Block.Figure figure(String name, String title, List<ArmRow> rows) {
        int bottom = TOP + ROW * rows.size();
        List<Double> ends = new ArrayList<>(List.of(0.0));
        rows.forEach(row -> row.interval().ifPresent(one -> ends.addAll(List.of(one.low(), one.high()))));
        Axis x = Axis.around(ends, false, LEFT, RIGHT);
        StringBuilder svg = Svg.open(title, 480, bottom + 26, "figure");
        Svg.ticksBelow(svg, x, TOP, bottom);
        Svg.line(svg, "axis", x.place(0), TOP, x.place(0), bottom);
        for (int i = 0; i < rows.size(); i++) {
            ArmRow row = rows.get(i);
            double y = TOP + ROW * (i + .5);
            Svg.text(svg, "tick end", LEFT - 8, y + 4, row.arm());
            Svg.group(
                    svg,
                    i,
                    row.arm() + ", " + title + ": " + ArmTable.difference(row) + ", "
                            + Numbers.plural(row.pairs(), "pair") + ". " + row.note());
            row.interval().ifPresent(one -> Svg.line(svg, "bar", x.place(one.low()), y, x.place(one.high()), y));
            Svg.mark(svg, i, x.place(row.value().orElseThrow()), y);
            svg.append("</g>");
        }
        return new Block.Figure(
                name,
                svg.append("</svg>").toString(),
                title + ": arm minus " + rows.getFirst().reference());
    }
}

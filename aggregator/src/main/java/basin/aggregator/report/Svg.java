package basin.aggregator.report;

import basin.aggregator.present.Numbers;
import basin.aggregator.view.Estimate;
import basin.aggregator.view.StudyView;
import basin.record.Interval;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Figures as inline SVG, with classes that the report's style sheet colours. Pure functions. */
final class Svg {
    private static final int WIDTH = 460;
    private static final int HEIGHT = 320;
    private static final int LEFT = 62;
    private static final int BOTTOM = 270;
    private static final int TOP = 12;
    private static final int RIGHT = 446;

    /** The shapes of {@link #mark} as characters. */
    private static final List<String> FORMS = List.of("●", "■", "▲", "◆");

    private Svg() {}

    /**
     * A point with its error bars.
     *
     * @param group index of its size, from 0; determines colour and shape
     * @param title tooltip text
     */
    record Dot(Estimate x, Estimate y, int group, String title) {}

    /** Draws points. The horizontal axis is reversed, so better is right. */
    static String scatter(String title, String xTitle, String yTitle, boolean logarithmic, List<Dot> dots) {
        Axis x = Axis.around(ends(dots, Dot::x), logarithmic, RIGHT, LEFT);
        Axis y = Axis.around(ends(dots, Dot::y), false, BOTTOM, TOP);
        StringBuilder svg = open(title, WIDTH, HEIGHT, "figure");
        axes(svg, x, y, xTitle, yTitle);
        for (Dot dot : dots) {
            dot(svg, dot, x, y);
        }
        return svg.append("</svg>").toString();
    }

    /**
     * Points that are connected in their order.
     *
     * @param group determines colour and shape
     */
    record Series(int group, List<Dot> dots) {}

    /** Draws series over a logarithmic horizontal axis, which ascends to the right. */
    static String series(String title, String xTitle, String yTitle, List<Series> all) {
        List<Dot> dots = all.stream().flatMap(one -> one.dots().stream()).toList();
        Axis x = Axis.around(dots.stream().map(dot -> dot.x().value()).toList(), true, LEFT, RIGHT);
        Axis y = Axis.around(ends(dots, Dot::y), false, BOTTOM, TOP);
        StringBuilder svg = open(title, WIDTH, HEIGHT, "figure");
        axes(svg, x, y, xTitle, yTitle);
        for (Series one : all) {
            path(
                    svg,
                    one.group(),
                    one.dots().stream()
                            .map(dot -> point(
                                    x.place(dot.x().value()), y.place(dot.y().value()))));
            one.dots().forEach(dot -> dot(svg, dot, x, y));
        }
        return svg.append("</svg>").toString();
    }

    /** Draws correlations with their intervals, one below the other, on an axis from −1 to 1. */
    static String ranked(String title, List<Ranked> entries) {
        int height = TOP + 26 * entries.size() + 40;
        int left = 170;
        int bottom = height - 36;
        Axis x = new Axis(-1, 1, false, left, RIGHT);
        StringBuilder svg = open(title, WIDTH, height, "figure");
        ticksBelow(svg, x, TOP, bottom);
        line(svg, "axis", x.place(0), TOP, x.place(0), bottom);
        for (int place = 0; place < entries.size(); place++) {
            Ranked one = entries.get(place);
            double y = TOP + 26 * place + 13;
            group(svg, one.group(), one.title());
            text(svg, "tick end", left - 8, y + 4, one.label());
            one.value().ifPresent(value -> {
                line(svg, "bar", x.place(value.low()), y, x.place(value.high()), y);
                mark(svg, one.group(), x.place(value.value()), y);
            });
            svg.append("</g>");
        }
        text(svg, "title middle", (left + RIGHT) / 2.0, height - 4, "Kendall's τ with accuracy");
        return svg.append("</svg>").toString();
    }

    /** A row of {@link #ranked}; without a value it has no mark. */
    record Ranked(String label, Optional<Estimate> value, int group, String title) {}

    /** Returns an estimate whose bar is the interval; without an interval it has no bar. */
    static Estimate bar(double value, Optional<Interval> interval) {
        return new Estimate(
                value,
                0,
                interval.map(Interval::low).orElse(value),
                interval.map(Interval::high).orElse(value));
    }

    /** Draws one run's excess loss by step, as a small figure. */
    static String curve(String title, List<StudyView.Loss> values, Axis stepsAndLosses, int group) {
        Axis x = Axis.around(values.stream().map(value -> (double) value.step()).toList(), false, 34, 172);
        Axis y = new Axis(stepsAndLosses.low(), stepsAndLosses.high(), stepsAndLosses.logarithmic(), 84, 6);
        StringBuilder svg = open(title, 180, 104, "curve");
        for (double tick : y.ticks()) {
            line(svg, "grid", 34, y.place(tick), 172, y.place(tick));
        }
        List<Double> ticks = y.ticks();
        for (double tick : ticks.size() > 4 ? List.of(ticks.getFirst(), ticks.getLast()) : ticks) {
            text(svg, "tick end", 30, y.place(tick) + 3, Axis.label(tick));
        }
        if (!values.isEmpty()) {
            text(svg, "tick end", 172, 98, Numbers.plural(values.getLast().step(), "step"));
        }
        path(
                svg,
                group,
                values.stream()
                        .map(value -> point(
                                x.place(value.step()), y.place(value.loss().value()))));
        return svg.append("</svg>").toString();
    }

    private static List<Double> ends(List<Dot> dots, Function<Dot, Estimate> of) {
        return dots.stream()
                .map(of)
                .flatMap(one -> Stream.of(one.value(), one.low(), one.high()))
                .toList();
    }

    private static String point(double x, double y) {
        return number(x) + "," + number(y);
    }

    private static void path(StringBuilder svg, int group, Stream<String> points) {
        svg.append("<polyline class=\"path s").append(group % Style.GROUPS).append("\" points=\"");
        svg.append(points.collect(Collectors.joining(" "))).append("\"/>");
    }

    /** Begins a group with a colour and a tooltip. */
    static void group(StringBuilder svg, int group, String title) {
        svg.append("<g class=\"s").append(group % Style.GROUPS).append("\"><title>");
        svg.append(Html.escape(title)).append("</title>");
    }

    /** Draws vertical grid lines with their values below. */
    static void ticksBelow(StringBuilder svg, Axis x, double top, double bottom) {
        for (double tick : x.ticks()) {
            line(svg, "grid", x.place(tick), top, x.place(tick), bottom);
            text(svg, "tick middle", x.place(tick), bottom + 16, Axis.label(tick));
        }
    }

    /** Returns the sizes of a study with the shapes of their marks. */
    static String legend(StudyView view) {
        return IntStream.range(0, view.sizes().size())
                .mapToObj(i ->
                        FORMS.get(i % FORMS.size()) + " " + view.sizes().get(i).name())
                .collect(Collectors.joining(", "));
    }

    static StringBuilder open(String title, int width, int height, String type) {
        return new StringBuilder("<svg class=\"%s\" role=\"img\" viewBox=\"0 0 %d %d\"><title>%s</title>"
                .formatted(type, width, height, Html.escape(title)));
    }

    /** Returns a figure as a separate file that contains its style sheet. */
    static String alone(String figure) {
        int end = figure.indexOf('>');
        return figure.substring(0, end).replace("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ") + "><style>"
                + Style.ALONE + "</style>" + figure.substring(end + 1) + "\n";
    }

    private static void axes(StringBuilder svg, Axis x, Axis y, String xTitle, String yTitle) {
        ticksBelow(svg, x, TOP, BOTTOM);
        for (double tick : y.ticks()) {
            line(svg, "grid", LEFT, y.place(tick), RIGHT, y.place(tick));
            text(svg, "tick end", LEFT - 6, y.place(tick) + 4, Axis.label(tick));
        }
        line(svg, "axis", LEFT, BOTTOM, RIGHT, BOTTOM);
        line(svg, "axis", LEFT, TOP, LEFT, BOTTOM);
        text(svg, "title middle", (LEFT + RIGHT) / 2.0, HEIGHT - 12, xTitle);
        svg.append("<text class=\"title middle\" transform=\"translate(14 %d) rotate(-90)\">%s</text>"
                .formatted((TOP + BOTTOM) / 2, Html.escape(yTitle)));
    }

    private static void dot(StringBuilder svg, Dot dot, Axis x, Axis y) {
        double cx = x.place(dot.x().value());
        double cy = y.place(dot.y().value());
        group(svg, dot.group(), dot.title());
        line(svg, "bar", x.place(dot.x().low()), cy, x.place(dot.x().high()), cy);
        line(svg, "bar", cx, y.place(dot.y().low()), cx, y.place(dot.y().high()));
        mark(svg, dot.group(), cx, cy);
        svg.append("</g>");
    }

    /**
     * Draws a mark. Groups also differ in shape, because some readers cannot distinguish the
     * colours.
     */
    static void mark(StringBuilder svg, int group, double x, double y) {
        String path = switch (group % 4) {
            case 0 -> "M" + number(x - 4) + " " + number(y) + "a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z";
            case 1 -> "M" + number(x - 4) + " " + number(y - 4) + "h8v8h-8z";
            case 2 -> "M" + number(x) + " " + number(y - 5) + "l5 9h-10z";
            default -> "M" + number(x) + " " + number(y - 5) + "l5 5l-5 5l-5 -5z";
        };
        svg.append("<path class=\"mark\" d=\"").append(path).append("\"/>");
    }

    static void line(StringBuilder svg, String type, double x1, double y1, double x2, double y2) {
        svg.append("<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>"
                .formatted(type, number(x1), number(y1), number(x2), number(y2)));
    }

    static void text(StringBuilder svg, String type, double x, double y, String text) {
        svg.append("<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>"
                .formatted(type, number(x), number(y), Html.escape(text)));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}

package basin.aggregator;

import basin.aggregator.view.DataColumn;
import basin.aggregator.view.DataTable;
import basin.aggregator.view.DataTables;
import basin.aggregator.view.Metric;
import basin.aggregator.view.StudyView;
import basin.study.AlgorithmSpec;
import basin.study.EnumName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The generated parts of the reference of data: tables, fields of {@code view.json} and the metrics
 * of studies, from the definitions that make the files.
 */
final class DataReference {
    private static final List<Path> SOURCES = List.of(
            Path.of("src/main/java"),
            Path.of("../infra/record/src/main/java"),
            Path.of("../infra/study/src/main/java"));

    /** Tables whose columns describe the fields of a record of the view. */
    private static final Map<String, String> TABLES = Map.ofEntries(
            Map.entry("Size", "runs"),
            Map.entry("Run", "runs"),
            Map.entry("Loss", "losses"),
            Map.entry("Checkpoint", "checkpoints"),
            Map.entry("Flatness", "flatness"),
            Map.entry("Layers", "flatness"),
            Map.entry("Spectrum", "flatness"),
            Map.entry("Downstream", "downstream"),
            Map.entry("Labelled", "downstream"),
            Map.entry("RowView", "correlations"),
            Map.entry("Finding", "correlations"),
            Map.entry("MeasureRanking", "rankings"),
            Map.entry("RankedMeasure", "rankings"),
            Map.entry("Difference", "ranking_differences"),
            Map.entry("ArmRow", "arms"));

    /** Columns that share a line with the column before them. */
    private static final Map<String, List<String>> TOGETHER = Map.of(
            "value", List.of("stderr"),
            "low", List.of("high", "confidence"),
            "task", List.of("protocol"),
            "width", List.of("layers", "parameters"),
            "labels", List.of("test"),
            "runs", List.of("declared", "strata"),
            "pairs", List.of("possible"),
            "p_adjusted", List.of("q_all_rankings"));

    private final Map<String, Class<?>> objects = new LinkedHashMap<>();

    private DataReference() {}

    /** Returns the section of tables. */
    static String tables() {
        return DataTables.ALL.stream().map(DataReference::table).collect(Collectors.joining("\n"));
    }

    private static <R> String table(DataTable<R> table) {
        StringBuilder text = new StringBuilder("### `" + table.name() + "`\n\n" + table.about() + " Key: `"
                + String.join("`, `", table.key())
                + "`.\n\n| column | type | unit | meaning | empty when |\n|---|---|---|---|---|\n");
        List<? extends DataColumn<?>> columns = table.columns();
        for (int from = 0; from < columns.size(); ) {
            int to = from + 1;
            while (to < columns.size() && belongs(columns.get(from), columns.get(to))) {
                to++;
            }
            text.append(row(columns.subList(from, to)));
            from = to;
        }
        return text.toString();
    }

    /** Returns whether a column is a part of an earlier column's value, and described with it. */
    private static boolean belongs(DataColumn<?> first, DataColumn<?> other) {
        String name = first.name();
        boolean part = Stream.of("_stderr", "_low", "_high")
                        .anyMatch(end -> other.name().equals(name + end))
                || TOGETHER.getOrDefault(name, List.of()).contains(other.name());
        return part && first.type() == other.type() && first.absent().equals(other.absent());
    }

    private static String row(List<? extends DataColumn<?>> columns) {
        DataColumn<?> first = columns.getFirst();
        return "| " + columns.stream().map(one -> "`" + one.name() + "`").collect(Collectors.joining(", ")) + " | "
                + EnumName.of(first.type()) + " | " + dash(first.unit()) + " | "
                + columns.stream().map(one -> one.about()).collect(Collectors.joining("; ")) + " | "
                + dash(first.absent()) + " |\n";
    }

    private static String dash(String text) {
        return text.isEmpty() ? "–" : text;
    }

    /** Returns the section of fields of {@code view.json}, a line per object. */
    static String fields() throws IOException {
        DataReference made = new DataReference();
        made.objects.put("the file", StudyView.class);
        StringBuilder text =
                new StringBuilder("| object | fields that are columns | further fields |\n|---|---|---|\n");
        for (int i = 0; i < made.objects.size(); i++) {
            Map.Entry<String, Class<?>> one =
                    List.copyOf(made.objects.entrySet()).get(i);
            text.append("| ")
                    .append(one.getKey())
                    .append(" | ")
                    .append(made.row(one.getValue()))
                    .append(" |\n");
        }
        return text.toString();
    }

    private String row(Class<?> of) throws IOException {
        Map<String, String> said = said(of);
        List<String> columns = new ArrayList<>();
        List<String> further = new ArrayList<>();
        String table = TABLES.get(of.getSimpleName());
        for (RecordComponent component : of.getRecordComponents()) {
            String name = component.getName().equals("standardError") ? "stderr" : component.getName();
            String type = type(component.getGenericType());
            if (table != null && isColumn(table, name)) {
                columns.add("`" + name + "`");
            } else if (said.containsKey(component.getName())) {
                further.add("`" + name + "` (" + type + "): " + said.get(component.getName()));
            } else {
                throw new IllegalStateException(
                        of.getName() + "." + name + " is described by no column and no @param.");
            }
        }
        return (columns.isEmpty() ? "–" : "of `" + table + "`: " + String.join(", ", columns)) + " | "
                + (further.isEmpty() ? "–" : String.join("; ", further)).replace("|", "\\|");
    }

    private static boolean isColumn(String table, String field) {
        String column = field.equals("runId")
                ? "run"
                : field.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
        return DataTables.of(table).columns().stream()
                .anyMatch(one -> one.name().equals(column));
    }

    private String type(Type type) {
        if (type instanceof ParameterizedType generic) {
            String own = type(generic.getActualTypeArguments()[0]);
            return generic.getRawType() == Optional.class ? own + ", may be absent" : "list of " + own;
        }
        Class<?> raw = (Class<?>) type;
        if (raw.isRecord()) {
            objects.putIfAbsent("`" + raw.getSimpleName() + "`", raw);
            return "`" + raw.getSimpleName() + "`";
        }
        if (raw.isEnum() || raw == String.class) {
            return "text";
        }
        if (raw == AlgorithmSpec.class) {
            return "name, or object of settings";
        }
        return raw == boolean.class || raw == Boolean.class
                ? "flag"
                : raw == double.class || raw == Double.class ? "real" : "whole";
    }

    /** Returns what a record's Javadoc says of its components. */
    private static Map<String, String> said(Class<?> record) throws IOException {
        Class<?> outer = record;
        while (outer.getEnclosingClass() != null) {
            outer = outer.getEnclosingClass();
        }
        String file = outer.getName().replace('.', '/') + ".java";
        Path source = SOURCES.stream()
                .map(folder -> folder.resolve(file))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
        Matcher found = Pattern.compile(
                        "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s*)*(?:public )?record "
                                + record.getSimpleName() + "\\(",
                        Pattern.DOTALL)
                .matcher(Files.readString(source));
        Map<String, String> said = new LinkedHashMap<>();
        if (found.find()) {
            for (String part :
                    found.group(1).replaceAll("\\s*\\n\\s*\\* ?", " ").split(" @param ", -1)) {
                String[] words = part.strip().split(" ", 2);
                if (words.length == 2) {
                    said.put(
                            words[0],
                            words[1].replaceAll("\\{@\\w+ #?([^}]*)}", "`$1`").strip());
                }
            }
        }
        return said;
    }

    /** Returns the section of the metrics of studies. */
    static String metrics(List<StudyView> views) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        new StudyMetrics(registry)
                .show(views.stream().map(view -> ViewRevision.whole(view, 0)).toList(), List.of());
        StringBuilder text = new StringBuilder("| metric | unit | labels | meaning |\n|---|---|---|---|\n");
        List<Metric> metrics = List.of(Metric.values());
        for (int from = 0; from < metrics.size(); ) {
            int to = from + 1;
            while (to < metrics.size() && together(registry, metrics.get(from), metrics.get(to))) {
                to++;
            }
            List<Metric> one = metrics.subList(from, to);
            text.append("| ").append(joined(one, metric -> "`" + metric.exposed() + "`", ", "));
            text.append(" | ").append(dash(joined(one, Metric::unit, ", ")));
            text.append(" | ").append(labels(registry, one.getFirst()));
            text.append(" | ").append(joined(one, DataReference::about, "; ")).append(" |\n");
            from = to;
        }
        return text.toString();
    }

    private static String joined(List<Metric> metrics, Function<Metric, String> part, String separator) {
        return metrics.stream()
                .map(part)
                .filter(text -> !text.isEmpty())
                .distinct()
                .collect(Collectors.joining(separator));
    }

    private static String about(Metric metric) {
        return metric.about() + (metric.isMeasured() ? "; its standard error is `" + metric.exposedError() + "`" : "");
    }

    /** Returns whether two numbers of one thing, with the same labels, share a line. */
    private static boolean together(SimpleMeterRegistry registry, Metric first, Metric other) {
        String[] one = first.id().split("\\.", -1);
        String[] two = other.id().split("\\.", -1);
        boolean ofOne = first.id().startsWith("basin.study.")
                ? one[one.length - 1].equals(two[two.length - 1])
                : one[1].equals(two[1]);
        return ofOne
                && !first.id().endsWith(".info")
                && !first.isMeasured()
                && !other.isMeasured()
                && labels(registry, first).equals(labels(registry, other));
    }

    private static String labels(SimpleMeterRegistry registry, Metric metric) {
        TreeSet<String> labels = registry.find(metric.id()).meters().stream()
                .map(Meter::getId)
                .flatMap(id -> id.getTags().stream())
                .map(Tag::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
        if (labels.isEmpty()) {
            throw new IllegalStateException("None of the views has the metric " + metric.id() + ".");
        }
        return "`" + String.join("`, `", labels) + "`";
    }
}

package basin.it.bench;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A comparison of the flatness that two runs of one study recorded, run by {@code
 * flatness-probe/bench/devices.sh}. Writes the second part of its Markdown page to standard output.
 * Exit status 1 if a trace differs by more than three standard errors of the difference, or if
 * there is nothing to compare.
 */
public final class DeviceStudies {
    /** Largest difference, in standard errors of the difference. */
    private static final double MAX_ERRORS = 3;

    private DeviceStudies() {}

    /** A recorded value and its standard error. */
    private record Value(double value, double stderr) {}

    /**
     * Writes the comparison.
     *
     * @param arguments the device, and the folders of results of the CPU and of the device
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, Value> ofCpu = values(Path.of(arguments[1]));
        Map<String, Value> ofDevice = values(Path.of(arguments[2]));
        boolean right = !ofCpu.isEmpty() && ofCpu.keySet().equals(ofDevice.keySet());
        line("%n## A study through the services%n");
        line(
                "Trained, measured and correlated by the services of `run`, once on the CPU and once on %s; the"
                    + " difference in standard errors of the difference, at most %.0f. Both have the same batches and"
                    + " probes.%n",
                arguments[0], MAX_ERRORS);
        if (!right) {
            line("**The two runs recorded different measurements**: %s and %s.", ofCpu.keySet(), ofDevice.keySet());
        }
        line("| run, step, quantity, estimator | CPU | %s | difference | verdict |", arguments[0]);
        line("|---|---|---|---|---|");
        for (Map.Entry<String, Value> entry : ofCpu.entrySet()) {
            Value own = entry.getValue();
            Optional<Value> found = Optional.ofNullable(ofDevice.get(entry.getKey()));
            if (found.isPresent()) {
                Value other = found.get();
                double errors = Math.abs(own.value() - other.value()) / Math.hypot(own.stderr(), other.stderr());
                boolean agrees = errors <= MAX_ERRORS;
                right &= agrees;
                line(
                        "| %s | %.4g ± %.2g | %.4g ± %.2g | %.2f | %s |",
                        entry.getKey(),
                        own.value(),
                        own.stderr(),
                        other.value(),
                        other.stderr(),
                        errors,
                        agrees ? "agrees" : "**differs**");
            }
        }
        System.exit(right ? 0 : 1);
    }

    private static void line(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    /**
     * Returns the traces by label, step, quantity and estimator, which do not depend on the device.
     */
    private static Map<String, Value> values(Path results) throws IOException {
        Map<String, String> labels = new HashMap<>();
        for (Map<String, String> run : table(results.resolve("runs.csv"))) {
            labels.put(run.get("run"), run.get("label"));
        }
        Map<String, Value> values = new TreeMap<>();
        for (Map<String, String> row : table(results.resolve("flatness.csv"))) {
            values.put(
                    String.join(
                            ", ",
                            labels.get(row.get("run")),
                            row.get("step"),
                            row.get("quantity"),
                            row.get("estimator")),
                    new Value(number(row, "value"), number(row, "stderr")));
        }
        return values;
    }

    private static double number(Map<String, String> row, String column) {
        return Double.parseDouble(String.valueOf(row.get(column)));
    }

    private static List<Map<String, String>> table(Path file) throws IOException {
        List<Map<String, String>> rows = new ArrayList<>();
        try (MappingIterator<Map<String, String>> lines = new CsvMapper()
                .readerForMapOf(String.class)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(file.toFile())) {
            lines.forEachRemaining(rows::add);
        }
        return rows;
    }
}

package basin.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The compose files as Compose merges them, variables not yet replaced. */
final class Compose {
    static final List<String> FILES = List.of("infra/compose/pipeline.yaml", "infra/compose/observability.yaml");

    private final Map<String, Object> merged = new LinkedHashMap<>();

    private Compose() {
        FILES.forEach(file -> merge(merged, file(file)));
    }

    static Compose read() {
        return new Compose();
    }

    private static Map<String, Object> file(String name) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(500);
        return map(new Yaml(new SafeConstructor(options)).load(Checkout.text(name)));
    }

    private static void merge(Map<String, Object> into, Map<String, Object> other) {
        other.forEach((key, value) -> {
            if (into.get(key) instanceof Map && value instanceof Map) {
                Map<String, Object> copy = new LinkedHashMap<>(map(into.get(key)));
                merge(copy, map(value));
                into.put(key, copy);
            } else {
                into.put(key, value);
            }
        });
    }

    /** The services by name. */
    Map<String, Map<String, Object>> services() {
        Map<String, Map<String, Object>> services = new LinkedHashMap<>();
        map(merged.get("services")).forEach((name, service) -> services.put(name, map(service)));
        return services;
    }

    Map<String, Object> service(String name) {
        return Objects.requireNonNull(services().get(name), name);
    }

    Map<String, Object> part(String name) {
        return map(merged.get(name));
    }

    /** What is set in {@code infra/compose/.env}. */
    static Map<String, String> variables() {
        return Checkout.text("infra/compose/.env")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    /** A map of this name in a part of the files, empty where there is none. */
    @SuppressWarnings("unchecked") // Keys of YAML maps in these files are strings.
    static Map<String, Object> map(@Nullable Object part) {
        return part == null ? Map.of() : (Map<String, Object>) part;
    }

    /** A list in a part of the files as strings, empty where there is none. */
    static List<String> list(@Nullable Object part) {
        List<String> strings = new ArrayList<>();
        if (part instanceof List<?> list) {
            list.forEach(one -> strings.add(String.valueOf(one)));
        }
        return strings;
    }
}

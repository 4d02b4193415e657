package basin.cli.ingest;

import basin.study.Refusal;
import basin.study.file.ForeignJson;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The checkpoint to which results of lm-evaluation-harness belong. It is named by the first of
 * these fields that is present: the model in {@code config.model_args} (text or object),
 * {@code config.model} if it is a path, {@code model_name}, {@code model_name_sanitized}. The
 * folders above the file name it only if none of the fields is present. Later fields and the
 * folders must not contradict it.
 */
record ScoredCheckpoint(String run, int step) {
    /** Keys of the model's path in {@code model_args}, in the harness's order of precedence. */
    private static final List<String> PLACES = List.of("pretrained", "model", "path", "engine");

    private static final List<String> ADAPTERS = List.of("peft", "delta");
    private static final String NUMBER = "(?:step|checkpoint)-(?<step>[0-9]{1,9})";

    /**
     * Determines the checkpoint from the fields and the file's path.
     *
     * @param runs names of the manifest's runs
     * @throws Refusal if none of the manifest's checkpoints is named, or the fields contradict each
     *     other
     */
    static ScoredCheckpoint of(JsonNode root, Path file, List<String> runs) {
        Optional<Said> first = Optional.empty();
        for (Said said : said(root, file, runs)) {
            if (first.isEmpty()) {
                first = Optional.of(said);
                if (said.named().size() != 1) {
                    throw new Refusal(file + " is of '" + said.text() + "' by its " + said.by() + ", which "
                            + (said.named().isEmpty()
                                    ? "names no RUN/step-N"
                                    : "may mean " + titles(said.named()) + ", each")
                            + " of a run of the manifest, " + String.join(", ", runs)
                            + ": give its scores in a CSV file, with their run and step.");
                }
            } else if (!said.named().isEmpty()
                    && Collections.disjoint(first.get().named(), said.named())) {
                throw new Refusal(file + " is of " + titles(first.get().named()) + " by its "
                        + first.get().by() + " and of " + titles(said.named()) + " by its " + said.by()
                        + ": give its scores in a CSV file, with their run and step.");
            }
        }
        return first.orElseThrow().named().iterator().next();
    }

    /**
     * The statement of one field, or of the file's path.
     *
     * @param by the field, for messages
     * @param named all checkpoints that it may mean
     */
    private record Said(String by, String text, Set<ScoredCheckpoint> named) {}

    private static String titles(Set<ScoredCheckpoint> named) {
        return named.stream().map(one -> one.run() + " at step " + one.step()).collect(Collectors.joining(" or "));
    }

    /** Returns all statements, that of the file's path last. */
    private static List<Said> said(JsonNode root, Path file, List<String> runs) {
        List<Said> said = new ArrayList<>();
        fields(root, file)
                .forEach((field, text) -> said.add(new Said(
                        field,
                        text,
                        field.equals("model_name_sanitized")
                                ? named(runs, "(?:^|__)", "__", "(?:__)?$", text)
                                : named(runs, "(?:^|[/\\\\])", "[/\\\\]+", "[/\\\\]*$", text))));
        String place = file.toAbsolutePath().normalize().toString();
        // Folders under their own names, or a name that the harness derives from a model's path.
        String end = "(?=$|[/\\\\]|__|[.]json$|_[0-9]{4}-[0-9]{2}-)";
        said.add(new Said("place", place, named(runs, "(?:^|[/\\\\]|__)", "(?:[/\\\\]+|__)", end, place)));
        return said;
    }

    private static Map<String, String> fields(JsonNode root, Path file) {
        Map<String, String> fields = new LinkedHashMap<>();
        Map<String, String> arguments = arguments(root.path("config").path("model_args"), file);
        for (String adapter : ADAPTERS) {
            if (!arguments.getOrDefault(adapter, "").isEmpty()) {
                throw new Refusal(file + " has " + adapter + "=" + arguments.get(adapter)
                        + " in its config.model_args, so its score is of no folder alone: merge the adapter into a"
                        + " checkpoint's folder, or give the score in a CSV file.");
            }
        }
        PLACES.stream()
                .filter(name -> !arguments.getOrDefault(name, "").isEmpty())
                .findFirst()
                .ifPresent(name -> fields.put("config.model_args." + name, place(name, arguments)));
        String model = root.path("config").path("model").asText("");
        if (fields.isEmpty() && model.matches(".*[/\\\\].*")) {
            fields.put("config.model", model);
        }
        for (String name : List.of("model_name", "model_name_sanitized")) {
            String given = root.path(name).asText("");
            // The harness writes null or the empty text if it does not know the name.
            if (!given.isEmpty() && !given.equals("null")) {
                fields.put(name, given);
            }
        }
        return fields;
    }

    /** Returns the model's path with its subfolder and its revision, which may contain the step. */
    private static String place(String name, Map<String, String> arguments) {
        StringBuilder place = new StringBuilder(arguments.getOrDefault(name, ""));
        for (String within : List.of("subfolder", "revision")) {
            String given = arguments.getOrDefault(within, "");
            if (!given.isEmpty() && !given.equals("main") && !given.equals("None")) {
                place.append('/').append(given);
            }
        }
        return place.toString();
    }

    /**
     * Parses the model arguments: {@code name=value} pairs separated by commas, an object, or an
     * object as text.
     */
    private static Map<String, String> arguments(JsonNode given, Path file) {
        Map<String, String> arguments = new LinkedHashMap<>();
        if (given.isObject()) {
            given.properties()
                    .forEach(one -> arguments.put(one.getKey(), one.getValue().asText("")));
            return arguments;
        }
        String text = given.asText("").strip();
        if (text.startsWith("{")) {
            return arguments(
                    ForeignJson.parse(text, "config.model_args of " + file, "give its scores in a CSV file"), file);
        }
        for (String pair : text.split(",")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                arguments.put(
                        pair.substring(0, equals).strip(),
                        pair.substring(equals + 1).strip());
            }
        }
        return arguments;
    }

    /**
     * Returns all checkpoints that a text names: a run's name after {@code before}, then
     * {@code between} and the step.
     */
    private static Set<ScoredCheckpoint> named(
            List<String> runs, String before, String between, String after, String text) {
        Set<ScoredCheckpoint> found = new LinkedHashSet<>();
        for (String run : runs) {
            Matcher matcher = Pattern.compile(before + Pattern.quote(run) + between + NUMBER + after)
                    .matcher(text);
            while (matcher.find()) {
                found.add(new ScoredCheckpoint(run, Integer.parseInt(matcher.group("step"))));
            }
        }
        return found;
    }
}

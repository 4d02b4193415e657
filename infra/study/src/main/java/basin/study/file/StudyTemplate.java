package basin.study.file;

import basin.study.Refusal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** Short study files to begin with, which have only the fields without a default. Thread-safe. */
public final class StudyTemplate {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern KIND = Pattern.compile("language\\(([^)]+)\\)\\.(\\w+)");
    private static final int USUAL_HEADS = 4;

    private StudyTemplate() {}

    /** Returns the kinds of languages that a study file can have. */
    public static List<String> kinds() {
        return Fields.STUDY.all().stream()
                .map(field -> KIND.matcher(field.path()))
                .filter(Matcher::matches)
                .map(kind -> kind.group(1))
                .distinct()
                .toList();
    }

    /**
     * Returns a study file.
     *
     * @param name name of the study
     * @param kind kind of its language
     * @param widths widths of its networks
     * @param learningRates peak learning rates
     * @param seeds number of seeds, which are 1, 2 and so on
     * @param comments comment lines at the beginning, without {@code #}
     * @throws Refusal if a value is not allowed; a sentence for every mistake
     */
    public static String of(
            String name,
            String kind,
            List<Integer> widths,
            List<Double> learningRates,
            int seeds,
            List<String> comments) {
        if (!kinds().contains(kind)) {
            throw new Refusal("--language is '" + kind + "'"
                    + NearestName.question(kind, kinds())
                    + ": give one of " + String.join(", ", kinds()) + ".");
        }
        if (seeds < 1 || seeds > 1000) {
            throw new Refusal("--seeds is " + seeds + ": give a whole number from 1 to 1000.");
        }
        List<String> lines = new ArrayList<>();
        comments.forEach(comment -> lines.add("# " + comment));
        lines.add("name: " + YamlText.scalar(name));
        ObjectNode language = NODES.objectNode().put("kind", kind);
        for (Fields.Field field : Fields.STUDY.all()) {
            Matcher own = KIND.matcher(field.path());
            if (own.matches() && own.group(1).equals(kind)) {
                Optional<JsonNode> value = field.constant()
                        .or(() -> field.example()
                                .map(text -> YamlTree.parse("example: " + text, field.path())
                                        .root()
                                        .path("example")));
                value.ifPresent(usual -> language.set(own.group(2), usual));
                if (!field.hasDefault() && value.isPresent()) {
                    lines.add("# " + own.group(2) + ": " + field.about());
                }
            }
        }
        lines.add("language: " + YamlText.flow(language));
        lines.add("# Other kinds of languages: "
                + String.join(
                        ", ",
                        kinds().stream().filter(other -> !other.equals(kind)).toList()) + ".");
        ArrayNode sizes = NODES.arrayNode();
        for (int width : widths) {
            int heads = USUAL_HEADS;
            while (heads > 1 && width % heads != 0) {
                heads--;
            }
            if (heads == USUAL_HEADS) {
                sizes.add(width);
            } else {
                sizes.addObject().put("width", width).put("heads", heads);
            }
        }
        lines.add("sizes: " + YamlText.flow(sizes));
        ArrayNode rates = NODES.arrayNode();
        learningRates.forEach(rates::add);
        lines.add("learningRates: " + YamlText.flow(rates));
        ArrayNode numbers = NODES.arrayNode();
        LongStream.rangeClosed(1, seeds).forEach(numbers::add);
        lines.add("seeds: " + YamlText.flow(numbers));
        String text = String.join("\n", lines) + "\n";
        // The language's files need not be there yet.
        StudyFile.parse(text.replaceAll("(?m)^language: .*$", "language: {kind: tree}"), "The study");
        return text;
    }
}

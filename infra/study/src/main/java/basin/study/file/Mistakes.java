package basin.study.file;

import basin.study.Json;
import basin.study.Problems;
import basin.study.Refusal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A collector of all mistakes in one file, each with its line and the path of its field. Rules name
 * a field without indices, as in {@code sizes.heads is 3: …}; the collector finds the field that is
 * meant by its value. Not thread-safe.
 */
final class Mistakes {
    private static final Pattern RULE = Pattern.compile(
            "([A-Za-z][A-Za-z0-9]*(?:\\.[A-Za-z][A-Za-z0-9]*)*) is (.+?)(?=: | in task | in size |, of |, as in )");

    private static final Pattern NAMED = Pattern.compile("(?:in|of) (task|size) '([^']+)'");

    /** The most mistakes that are told at once. */
    static final int MAX_TOLD = 50;

    private final YamlTree tree;
    private final List<Mistake> all = new ArrayList<>();
    private final Set<String> places = new HashSet<>();
    private final Set<String> refused = new HashSet<>();
    private final Set<String> broken = new HashSet<>();
    private JsonNode filled = MissingNode.getInstance();
    private boolean many;

    private record Mistake(int line, String sentence) {}

    Mistakes(YamlTree tree) {
        this.tree = tree;
        tree.duplicates().forEach(twice -> add(twice.place(), twice.line(), twice.sentence()));
    }

    /**
     * Sets what rules are about.
     *
     * @param whole the file with its defaults
     * @param wrong scopes that hold a mistake which no default mends; no rule is applied to them
     */
    void filled(JsonNode whole, Set<String> wrong) {
        filled = whole;
        broken.addAll(wrong);
    }

    /** Returns whether no more mistakes are told. */
    boolean isFull() {
        return all.size() == MAX_TOLD;
    }

    /** Returns whether no mistake was found. */
    boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * Adds a mistake.
     *
     * @param place JSON pointer of the field that is wrong
     * @param line its line, from 1; 0 if it is unknown
     * @param sentence one sentence with the field, the value and the fix
     */
    void add(String place, int line, String sentence) {
        Mistake mistake = new Mistake(line, sentence);
        places.add(place);
        if (isFull()) {
            many = true;
        } else if (!all.contains(mistake)) {
            all.add(mistake);
        }
    }

    /**
     * Applies a rule and collects what it refuses.
     *
     * @param scope JSON pointer of the part that the rule is about; empty for the whole file
     */
    void attempt(String scope, Runnable rule) {
        if (broken.contains(scope)) {
            return;
        }
        try {
            rule.run();
        } catch (Refusal refusal) {
            refused.add(scope);
            refusal.sentences().forEach(sentence -> locate(scope, sentence));
        }
    }

    /** Returns the scopes in which a rule refused something. */
    Set<String> refused() {
        return Set.copyOf(refused);
    }

    private void locate(String scope, String sentence) {
        if (isFull()) {
            many = true;
            return;
        }
        Matcher rule = RULE.matcher(sentence);
        if (!rule.lookingAt()) {
            add(scope, line(scope), sentence);
            return;
        }
        String field = rule.group(1);
        List<String> below = new ArrayList<>();
        collect(filled.at(scope), scope, below);
        List<String> meant = below.stream()
                .filter(place -> withoutIndices(place).equals(field))
                .toList();
        if (meant.isEmpty()) {
            // A rule about an algorithm does not say how deep within others it stands.
            meant = below.stream()
                    .filter(place -> head(withoutIndices(place)).equals(head(field))
                            && last(place).equals(last(field)))
                    .toList();
        }
        List<String> equal = meant.stream()
                .filter(place -> isValue(filled.at(place), rule.group(2)))
                .toList();
        String place = equal.isEmpty() ? place(scope, field, meant, sentence) : equal.getLast();
        String shown = meant.contains(place)
                ? Json.path(place)
                : place.isEmpty() || !head(field).equals(head(withoutIndices(place)))
                        ? field
                        : Json.path(place)
                                + field.substring(Math.min(
                                        field.length(), withoutIndices(place).length()));
        if (meant.contains(place) && places.contains(place)) {
            return; // Only the first mistake of a field counts: the value here is not the file's.
        }
        String usual = equal.contains(place) && tree.line(place) == 0 ? ", the default" : "";
        add(place, line(place), shown + " is " + rule.group(2) + usual + sentence.substring(rule.end()));
    }

    private static void collect(JsonNode node, String place, List<String> all) {
        all.add(place);
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> collect(
                            field.getValue(),
                            place + "/" + field.getKey().replace("~", "~0").replace("/", "~1"),
                            all));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(node.get(i), place + "/" + i, all);
        }
    }

    /**
     * Returns the place of a rule whose value the file does not have: what holds all the fields
     * that may be meant.
     */
    private String place(String scope, String field, List<String> meant, String sentence) {
        String entry = scope.isEmpty() ? named(field, sentence) : scope;
        List<String> within =
                meant.stream().filter(place -> place.startsWith(entry + "/")).toList();
        return within.isEmpty() ? entry : common(within);
    }

    /** Returns the place that holds all these places. */
    private static String common(List<String> places) {
        String common = places.getFirst();
        for (String place : places) {
            while (!place.equals(common) && !place.startsWith(common + "/")) {
                common = common.substring(0, common.lastIndexOf('/'));
            }
        }
        return common;
    }

    /** Returns the task or size that a sentence about one of its fields names; empty if none. */
    private String named(String field, String sentence) {
        Matcher named = NAMED.matcher(sentence);
        if (!named.find() || !head(field).equals(named.group(1) + "s")) {
            return "";
        }
        JsonNode entries = filled.path(head(field));
        return IntStream.range(0, entries.size())
                .filter(i -> entries.path(i).path("name").asText().equals(named.group(2)))
                .mapToObj(i -> "/" + head(field) + "/" + i)
                .findFirst()
                .orElse("");
    }

    private static String withoutIndices(String place) {
        return Json.path(place).replaceAll("\\[[0-9]+]", "");
    }

    private static String head(String path) {
        return path.split("\\.", 2)[0];
    }

    private static String last(String path) {
        return path.substring(Math.max(path.lastIndexOf('.'), path.lastIndexOf('/')) + 1);
    }

    private static boolean isValue(JsonNode node, String written) {
        if (node.isTextual()) {
            return written.equals("'" + node.asText() + "'") || written.equalsIgnoreCase(node.asText());
        }
        return written.equals(node.asText())
                || (node.isNumber() && written.equals(String.valueOf(node.doubleValue())))
                || (node.isContainerNode() && written.equals(YamlText.flow(node)));
    }

    /** Returns the line of a place, or of what holds it if a default stands there. */
    int line(String place) {
        String own = place;
        while (tree.line(own) == 0 && !own.isEmpty()) {
            own = own.substring(0, own.lastIndexOf('/'));
        }
        return tree.line(own);
    }

    /**
     * Throws if anything was collected.
     *
     * @param origin the file's name
     * @throws Refusal one sentence after the file's name, or a line for each
     */
    void refuse(String origin) {
        Problems problems = new Problems();
        all.stream()
                .sorted(Comparator.comparingInt(Mistake::line))
                .forEach(one -> problems.add((one.line() > 0 ? "line " + one.line() + ": " : "") + one.sentence()));
        problems.refuse(origin, many);
    }
}

package basin.language;

import basin.study.Refusal;
import basin.study.file.ForeignJson;
import basin.study.file.Utf8Files;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes grammars as JSON that people can edit:
 *
 * <pre>{"start": "S", "maxLength": 8, "nonTerminals": ["S", "A"], "words": ["a", "b"],
 *  "rules": [{"from": "S", "to": ["A", "A"], "probability": 1.0},
 *            {"from": "A", "to": ["a"], "probability": 1.0}]}</pre>
 *
 * <p>Probabilities round-trip bitwise.
 */
public final class GrammarFile {
    private static final int MAX_CHARACTERS = 10_000_000;
    private static final int MAX_SYMBOLS = 2_000;
    private static final int MAX_WORDS = 50_000;
    private static final int MAX_RULES = 200_000;
    private static final int MAX_LENGTH = 512;
    private static final List<String> FIELDS = List.of("maxLength", "nonTerminals", "rules", "start", "words");
    private static final List<String> RULE_FIELDS = List.of("from", "probability", "to");

    private GrammarFile() {}

    /** Returns the grammar as JSON. */
    public static String format(Grammar grammar) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("start", grammar.nonTerminals().get(grammar.start()));
        root.put("maxLength", grammar.maxLength());
        ArrayNode names = root.putArray("nonTerminals");
        grammar.nonTerminals().forEach(names::add);
        ArrayNode words = root.putArray("words");
        grammar.words().forEach(words::add);
        ArrayNode rules = root.putArray("rules");
        for (Rule rule : grammar.rules()) {
            ObjectNode one = rules.addObject();
            one.put("from", grammar.nonTerminals().get(rule.parent()));
            ArrayNode to = one.putArray("to");
            for (Symbol child : rule.children()) {
                to.add(
                        child instanceof Symbol.Word(int word)
                                ? grammar.words().get(word)
                                : grammar.nonTerminals().get(child.index()));
            }
            one.put("probability", rule.probability());
        }
        return root.toPrettyString() + "\n";
    }

    /**
     * Reads the language of a grammar file.
     *
     * @throws Refusal if the file is unreadable or no grammar; one sentence that names the field,
     *     the value and the fix
     */
    public static Pcfg read(Path file) {
        try {
            return parse(Utf8Files.read(file, MAX_CHARACTERS), file.toString());
        } catch (IOException unreadable) {
            throw new Refusal(file + " cannot be read: check that it is a text file that you may read.", unreadable);
        }
    }

    /**
     * Parses the JSON of a grammar and returns its language.
     *
     * @throws Refusal if the text is no grammar; one sentence that names the field, the value and
     *     the fix
     */
    public static Pcfg parse(String text) {
        return parse(text, "the grammar");
    }

    private static Pcfg parse(String text, String name) {
        if (text.length() > MAX_CHARACTERS) {
            throw new Refusal("the grammar has " + text.length() + " characters: give at most " + MAX_CHARACTERS + ".");
        }
        JsonNode root = ForeignJson.parse(text, name, "correct it there");
        fields(name, root, FIELDS);
        Map<String, Symbol> symbols = new HashMap<>();
        List<String> nonTerminals = names(root, "nonTerminals", MAX_SYMBOLS);
        List<String> words = names(root, "words", MAX_WORDS);
        for (int i = 0; i < words.size(); i++) {
            symbols.put(words.get(i), new Symbol.Word(i));
        }
        for (int i = 0; i < nonTerminals.size(); i++) {
            symbols.put(nonTerminals.get(i), new Symbol.NonTerminal(i));
        }
        int maxLength = root.get("maxLength").asInt(0);
        if (maxLength < 1 || maxLength > MAX_LENGTH) {
            throw new Refusal(
                    "maxLength is " + root.get("maxLength") + ": give a whole number from 1 to " + MAX_LENGTH + ".");
        }
        JsonNode listed = root.get("rules");
        if (!listed.isArray() || listed.isEmpty() || listed.size() > MAX_RULES) {
            throw new Refusal("rules holds " + listed.size() + " rules: give a list of 1 to " + MAX_RULES + ".");
        }
        // Report invalid names before the errors that they cause in rules.
        Grammar.checkNames(nonTerminals, words);
        List<Rule> rules = new ArrayList<>();
        for (JsonNode one : listed) {
            rules.add(rule("rule " + (rules.size() + 1), one, symbols));
        }
        return Pcfg.of(new Grammar(
                nonTerminals, words, nonTerminal(symbols, "start", root.get("start"), ""), rules, maxLength));
    }

    private static Rule rule(String which, JsonNode one, Map<String, Symbol> symbols) {
        fields(which, one, RULE_FIELDS);
        JsonNode to = one.get("to");
        if (!to.isArray() || to.isEmpty()) {
            throw new Refusal("to is " + to + " in " + which + ": give a list of at least one non-terminal or word.");
        }
        List<Symbol> children = new ArrayList<>();
        for (JsonNode child : to) {
            children.add(known(symbols, "to", child, " in " + which));
        }
        JsonNode probability = one.get("probability");
        if (!probability.isNumber() || !(probability.asDouble() >= 0 && probability.asDouble() <= 1)) {
            throw new Refusal("probability is " + probability + " in " + which + ": give a number between 0 and 1.");
        }
        return new Rule(
                nonTerminal(symbols, "from", one.get("from"), " in " + which), children, probability.asDouble());
    }

    private static void fields(String what, JsonNode node, List<String> known) {
        if (!node.isObject()) {
            throw new Refusal(what + " is no JSON object: give one with the fields " + String.join(", ", known) + ".");
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!known.contains(field.getKey())) {
                throw new Refusal("unknown field '" + field.getKey() + "' in " + what + ": use "
                        + String.join(", ", known) + ".");
            }
        }
        for (String field : known) {
            if (!node.has(field)) {
                throw new Refusal("field '" + field + "' is missing in " + what + ": give it a value.");
            }
        }
    }

    private static List<String> names(JsonNode root, String field, int max) {
        JsonNode listed = root.get(field);
        if (!listed.isArray() || listed.size() > max) {
            throw new Refusal(field + " holds " + listed.size() + " names: give a list of at most " + max + ".");
        }
        List<String> names = new ArrayList<>();
        listed.forEach(name -> names.add(name.asText()));
        return names;
    }

    private static Symbol known(Map<String, Symbol> symbols, String field, JsonNode name, String where) {
        Symbol symbol = symbols.get(name.asText());
        if (symbol == null) {
            throw new Refusal(field + " names " + name + where + ": list it among nonTerminals or words.");
        }
        return symbol;
    }

    private static int nonTerminal(Map<String, Symbol> symbols, String field, JsonNode name, String where) {
        if (known(symbols, field, name, where) instanceof Symbol.NonTerminal(int index)) {
            return index;
        }
        throw new Refusal(field + " names the word " + name + where + ": name a non-terminal.");
    }
}

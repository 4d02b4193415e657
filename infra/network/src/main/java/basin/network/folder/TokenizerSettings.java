package basin.network.folder;

import basin.study.Refusal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings beside a {@code tokenizer.json} that decide what it does in {@code transformers}:
 * {@code tokenizer_config.json}, and {@code special_tokens_map.json} for the names of special
 * tokens. A setting that {@code transformers} follows against {@code tokenizer.json} is followed. A
 * contradiction that its versions settle differently is refused. Not thread-safe.
 */
final class TokenizerSettings {
    private static final String CONFIG = "tokenizer_config.json";
    private static final String SPECIALS = "special_tokens_map.json";
    private static final String TOKENIZER = "tokenizer.json";
    /** Fields of BERT's normalizer, by the settings that replace them. */
    private static final Map<String, String> OF_BERT = Map.of(
            "do_lower_case", "lowercase",
            "strip_accents", "strip_accents",
            "tokenize_chinese_chars", "handle_chinese_chars");

    private static final String LOWERS = "do_lower_case";
    private static final String SPACES = "add_prefix_space";
    private static final String AGAIN = "save the tokenizer again, so that both files say the same";

    private final Path file;
    private final ObjectNode config;
    private final ObjectNode specials;
    private final List<String> notes = new ArrayList<>();

    private TokenizerSettings(Path file, ObjectNode config, ObjectNode specials) {
        this.file = file;
        this.config = config;
        this.specials = specials;
    }

    /** Reads a folder's settings; without the files there are none. */
    static TokenizerSettings read(Path folder) {
        return new TokenizerSettings(
                folder.resolve(CONFIG), ifPresent(folder.resolve(CONFIG)), ifPresent(folder.resolve(SPECIALS)));
    }

    private static ObjectNode ifPresent(Path file) {
        return Files.exists(file) ? FolderJson.read(file) : JsonNodeFactory.instance.objectNode();
    }

    /**
     * Returns {@code model_max_length}, the tokens to which {@code transformers} truncates; empty
     * if it is absent or larger than any network's.
     */
    OptionalInt maxLength() {
        JsonNode given = config.path("model_max_length");
        if (given.isMissingNode() || given.isNull() || given.asDouble() > Integer.MAX_VALUE) {
            return OptionalInt.empty();
        }
        if (!given.isNumber() || !(given.asDouble() >= 2) || given.asDouble() != Math.rint(given.asDouble())) {
            throw refused("model_max_length", "give a whole number of tokens, at least 2");
        }
        return OptionalInt.of(given.asInt());
    }

    /** Returns whether {@code transformers} truncates at the beginning of a line. */
    boolean cutsLeft() {
        return config.path("truncation_side").asText("right").equals("left");
    }

    /** Returns the name of a special token, such as {@code mask_token}; empty if none is given. */
    private String special(String field) {
        JsonNode given = config.hasNonNull(field) ? config.path(field) : specials.path(field);
        return given.isTextual() ? given.asText() : given.path("content").asText("");
    }

    /** Returns the mask token of a tokenizer; empty if it has none. */
    OptionalInt mask(JsonNode tokenizer) {
        String named = special("mask_token");
        return (named.isEmpty() ? List.of("[MASK]", "<mask>") : List.of(named))
                .stream()
                        .mapToInt(name -> id(tokenizer, name))
                        .filter(id -> id >= 0)
                        .findFirst();
    }

    /** Returns the token that a tokenizer gives for what it does not know; empty if it has none. */
    static OptionalInt unknown(JsonNode tokenizer) {
        JsonNode model = tokenizer.path("model");
        int id = model.path("unk_id").isInt()
                ? model.path("unk_id").asInt()
                : model.path("unk_token").isTextual()
                        ? id(tokenizer, model.path("unk_token").asText())
                        : -1;
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Returns the id of a token; −1 if the tokenizer has none of that text. */
    private static int id(JsonNode tokenizer, String content) {
        for (JsonNode added : tokenizer.path("added_tokens")) {
            if (added.path("content").asText().equals(content)
                    && added.path("id").isInt()) {
                return added.path("id").asInt();
            }
        }
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        if (vocabulary.isArray()) {
            for (int id = 0; id < vocabulary.size(); id++) {
                if (vocabulary.get(id).path(0).asText().equals(content)) {
                    return id;
                }
            }
        }
        return vocabulary.path(content).asInt(-1);
    }

    /**
     * Changes a tokenizer as the settings say.
     *
     * @return one sentence for each setting that is followed against the tokenizer's own file
     * @throws Refusal if a setting contradicts it and is not plainly stronger; one sentence
     */
    List<String> applyTo(ObjectNode tokenizer) {
        checkTokens(tokenizer);
        normalizer(tokenizer);
        spaces(tokenizer);
        JsonNode processor = tokenizer.path("post_processor");
        checkAdded("add_bos_token", special("bos_token"), added(processor, true));
        checkAdded("add_eos_token", special("eos_token"), added(processor, false));
        return List.copyOf(notes);
    }

    private void checkTokens(ObjectNode tokenizer) {
        for (Map.Entry<String, JsonNode> added :
                config.path("added_tokens_decoder").properties()) {
            String content = added.getValue().path("content").asText();
            if (!added.getKey().equals(String.valueOf(id(tokenizer, content)))) {
                throw new Refusal("added_tokens_decoder in " + file + " says that '" + content + "' is token "
                        + added.getKey() + ", and " + TOKENIZER + " does not: " + AGAIN + ".");
            }
        }
    }

    private void normalizer(ObjectNode tokenizer) {
        if (tokenizer.path("normalizer") instanceof ObjectNode own
                && own.path("type").asText().equals("BertNormalizer")
                && !isGeneric()) {
            OF_BERT.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .filter(one -> one.getKey().equals("strip_accents")
                            ? config.has(one.getKey())
                            : flag(one.getKey()).isPresent())
                    .forEach(one -> follow(one.getKey(), own, one.getValue()));
            return;
        }
        JsonNode normalizer = tokenizer.path("normalizer");
        boolean lowers = parts(normalizer).stream()
                .anyMatch(part -> part.path("type").asText().equals("Lowercase")
                        || part.path("lowercase").asBoolean());
        // What a precompiled table does cannot be read from it.
        boolean known = parts(normalizer).stream()
                .noneMatch(part -> part.path("type").asText().equals("Precompiled"));
        if (known && flag(LOWERS).orElse(lowers) != lowers) {
            throw refused(
                    LOWERS, TOKENIZER + " " + (lowers ? "makes" : "does not make") + " letters lower-case; " + AGAIN);
        }
    }

    private void spaces(ObjectNode tokenizer) {
        Optional<Boolean> wanted = flag(SPACES);
        if (wanted.isEmpty()) {
            return;
        }
        JsonNode whole = tokenizer.path("pre_tokenizer");
        if (whole instanceof ObjectNode own && isByteLevel(own)) {
            follow(SPACES, own, SPACES);
            return;
        }
        for (JsonNode part : parts(whole)) {
            if (isByteLevel(part) && part.path(SPACES).asBoolean(true) != wanted.get()) {
                throw refused(SPACES, "a part of its pre_tokenizer in " + TOKENIZER + " says otherwise; " + AGAIN);
            }
        }
    }

    private static boolean isByteLevel(JsonNode part) {
        return part.path("type").asText().equals("ByteLevel");
    }

    private void follow(String setting, ObjectNode own, String field) {
        JsonNode value = config.get(setting);
        if (!own.path(field).equals(value)) {
            own.set(field, value);
            notes.add(file + " sets " + setting + " to " + value + " against " + TOKENIZER
                    + ": the setting is followed.");
        }
    }

    private void checkAdded(String setting, String token, List<String> added) {
        boolean adds = token.isEmpty() ? !added.isEmpty() : added.contains(token);
        Optional<Boolean> wanted = flag(setting);
        if (wanted.orElse(adds) != adds && (wanted.get() || !token.isEmpty())) {
            throw refused(
                    setting,
                    TOKENIZER + " " + (adds ? "adds" : "does not add") + " "
                            + (token.isEmpty() ? "such a token" : "'" + token + "'") + " by its post_processor; "
                            + AGAIN);
        }
    }

    /** Returns the special tokens that a post-processor adds before or after a text. */
    private static List<String> added(JsonNode processor, boolean before) {
        List<String> added = new ArrayList<>();
        for (JsonNode part : parts(processor)) {
            boolean passed = false;
            for (JsonNode piece : part.path("single")) {
                passed |= piece.has("Sequence");
                if (piece.has("SpecialToken") && passed != before) {
                    added.add(piece.at("/SpecialToken/id").asText());
                }
            }
            JsonNode named = part.path(before ? "cls" : "sep").path(0);
            if (named.isTextual()) {
                added.add(named.asText());
            }
        }
        return added;
    }

    /** Returns a component and the components of sequences within it. */
    private static List<JsonNode> parts(JsonNode component) {
        List<JsonNode> parts = new ArrayList<>(List.of(component));
        for (String list : List.of("normalizers", "pretokenizers", "processors")) {
            component.path(list).forEach(part -> parts.addAll(parts(part)));
        }
        return parts;
    }

    /** Returns whether the class of the tokenizer takes everything from {@code tokenizer.json}. */
    private boolean isGeneric() {
        return List.of("PreTrainedTokenizerFast", "TokenizersBackend")
                .contains(config.path("tokenizer_class").asText());
    }

    private Optional<Boolean> flag(String setting) {
        JsonNode given = config.path(setting);
        if (given.isMissingNode() || given.isNull()) {
            return Optional.empty();
        }
        if (!(given instanceof BooleanNode)) {
            throw refused(setting, "give true or false");
        }
        return Optional.of(given.asBoolean());
    }

    private Refusal refused(String setting, String fix) {
        return new Refusal(setting + " is " + config.path(setting) + " in " + file + ": " + fix + ".");
    }
}

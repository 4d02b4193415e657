package basin.network.folder;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import basin.study.Refusal;
import basin.study.file.UnfinishedFile;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A tokenizer that reads the {@code tokenizer.json} of a model's folder. One thread at a time; must
 * be closed.
 */
public final class TextTokenizer implements AutoCloseable {
    private static final String FILE = "tokenizer.json";
    private static final String CONFIG = "tokenizer_config.json";

    private final Path file;
    private final HuggingFaceTokenizer tokenizer;
    private final Read read;

    private TextTokenizer(Path file, HuggingFaceTokenizer tokenizer, Read read) {
        this.file = file;
        this.tokenizer = tokenizer;
        this.read = read;
    }

    /**
     * The files of a tokenizer.
     *
     * @param json the tokenizer, changed as the settings say
     * @param notes one sentence for each setting that is followed against the tokenizer's own file
     */
    private record Read(ObjectNode json, TokenizerSettings settings, List<String> notes) {
        static Read of(Path folder) {
            Path file = folder.resolve(FILE);
            if (!Files.exists(file)) {
                throw new UnfinishedFile(folder + " holds no " + FILE
                        + ": save the model's tokenizer there, in the form of the tokenizers library.");
            }
            ObjectNode json = FolderJson.read(file);
            if (!json.path("model").isObject()) {
                throw new Refusal(file + " has no 'model': save the tokenizer again.");
            }
            TokenizerSettings settings = TokenizerSettings.read(folder);
            return new Read(json, settings, settings.applyTo(json));
        }
    }

    /**
     * A line as the network reads it. Its arrays must not be changed.
     *
     * @param ids tokens, from 0
     * @param special for each token, whether the tokenizer added it
     * @param cut whether the line has more tokens, which were truncated
     */
    @SuppressWarnings("ArrayRecordComponent") // Created once per line and read often.
    public record Line(int[] ids, boolean[] special, boolean cut) {
        /** Returns the places of the tokens that may be masked. */
        int[] open() {
            return IntStream.range(0, ids.length).filter(at -> !special[at]).toArray();
        }
    }

    /**
     * Checks a folder's tokenizer and its settings without loading it.
     *
     * @throws UnfinishedFile if a file is absent or ends too early
     * @throws Refusal if the folder has no such tokenizer
     */
    public static void check(Path folder) {
        Read.of(folder);
    }

    /**
     * Checks that the settings beside a {@code tokenizer.json} do not change what it does, for a
     * caller that knows the tokenizer by the hash of that file alone.
     *
     * @throws Refusal if one does; one sentence
     */
    public static void checkAlone(Path folder) {
        Read.of(folder).notes().stream().findFirst().ifPresent(note -> {
            throw new Refusal(note.replace(
                    ": the setting is followed.", ": save the tokenizer again, so that both say the same."));
        });
    }

    /**
     * Returns the tokens to which {@code transformers} truncates a line of a network.
     *
     * @param network the most that the network reads
     * @return at least 2, at most {@code network}
     */
    public static int maxLength(Path folder, int network) {
        return Math.min(network, TokenizerSettings.read(folder).maxLength().orElse(network));
    }

    /**
     * Opens a folder's tokenizer, with the settings of {@code tokenizer_config.json} that {@code
     * transformers} follows.
     *
     * @param maxLength tokens at which a line is truncated, special ones included
     * @throws Refusal if the folder has no tokenizer, it cannot be read, or its settings contradict
     *     it
     */
    public static TextTokenizer open(Path folder, int maxLength) {
        Path file = folder.resolve(FILE);
        Read read = Read.of(folder);
        try {
            return new TextTokenizer(
                    file,
                    HuggingFaceTokenizer.newInstance(
                            new ByteArrayInputStream(readable(read.json()).getBytes(StandardCharsets.UTF_8)),
                            Map.of("truncation", "true", "maxLength", String.valueOf(maxLength), "padding", "false")),
                    read);
        } catch (IOException | RuntimeException refused) {
            throw new Refusal(
                    file + " is no tokenizer that can be read (" + firstLine(refused) + "): save the tokenizer again.",
                    refused);
        }
    }

    /**
     * Returns a {@code tokenizer.json} as the tokenizers library reads it: without a byte order
     * mark, and with the nearest finite number instead of an infinite one.
     */
    public static String readable(JsonNode tokenizer) {
        finite(tokenizer);
        return tokenizer.toString();
    }

    private static void finite(JsonNode node) {
        if (node instanceof ObjectNode fields) {
            fields.properties().forEach(field -> field.setValue(number(field.getValue())));
        } else if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                list.set(i, number(list.get(i)));
            }
        }
    }

    private static JsonNode number(JsonNode value) {
        finite(value);
        double number = value.isFloatingPointNumber() ? value.doubleValue() : 0;
        return Double.isNaN(number)
                ? NullNode.instance
                : Double.isInfinite(number) ? DoubleNode.valueOf(Math.copySign(Double.MAX_VALUE, number)) : value;
    }

    /** Returns one sentence for each setting that is followed against the tokenizer's own file. */
    public List<String> notes() {
        return read.notes();
    }

    /** Refuses to truncate lines where {@code transformers} would drop their beginning. */
    void checkCut(Path text, int line) {
        if (read.settings().cutsLeft()) {
            throw new Refusal("truncation_side is left in " + file.resolveSibling(CONFIG) + ", and line " + line
                    + " of " + text + " is longer than the network reads: give shorter lines, or set it to right.");
        }
    }

    /**
     * Returns the mask token.
     *
     * @throws Refusal if the tokenizer has none
     */
    public int mask() {
        return read.settings()
                .mask(read.json())
                .orElseThrow(() -> new Refusal(file + " has no mask token: name it as mask_token in " + CONFIG
                        + ", for a masked model is measured with it."));
    }

    /** Returns the token for what the tokenizer does not know; empty if it has none. */
    OptionalInt unknown() {
        return TokenizerSettings.unknown(read.json());
    }

    /**
     * Returns the tokens of a line, truncated to the maximum length.
     *
     * @throws Refusal if the tokenizer has no token for something in it
     */
    public Line encode(String line) {
        Encoding encoding;
        try {
            encoding = tokenizer.encode(line, true, false);
        } catch (RuntimeException refused) {
            throw new Refusal(
                    "the tokenizer of " + file + " refuses '" + line.substring(0, Math.min(40, line.length())) + "' ("
                            + firstLine(refused) + "): give text that it knows.",
                    refused);
        }
        int[] ids = LongStream.of(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
        long[] marks = encoding.getSpecialTokenMask();
        boolean[] special = new boolean[ids.length];
        for (int i = 0; i < special.length; i++) {
            special[i] = marks[i] != 0;
        }
        return new Line(ids, special, encoding.exceedMaxLength());
    }

    private static String firstLine(Exception refused) {
        return String.valueOf(refused.getMessage())
                .lines()
                .findFirst()
                .orElse("")
                .strip()
                .replaceAll("\\.$", "");
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}

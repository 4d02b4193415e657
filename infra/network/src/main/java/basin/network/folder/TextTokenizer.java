package basin.network.folder;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import basin.study.Refusal;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private final OptionalInt mask;

    private TextTokenizer(Path file, HuggingFaceTokenizer tokenizer, OptionalInt mask) {
        this.file = file;
        this.tokenizer = tokenizer;
        this.mask = mask;
    }

    /**
     * A line as the network reads it. Its arrays must not be changed.
     *
     * @param ids tokens, from 0
     * @param special for each token, whether the tokenizer added it
     */
    @SuppressWarnings("ArrayRecordComponent") // Created once per line and read often.
    public record Line(int[] ids, boolean[] special) {
        /** Returns the places of the tokens that may be masked. */
        int[] open() {
            return IntStream.range(0, ids.length).filter(at -> !special[at]).toArray();
        }
    }

    /**
     * Opens a folder's tokenizer.
     *
     * @param maxLength tokens at which a line is truncated, special ones included
     * @throws Refusal if the folder has no tokenizer or it cannot be read
     */
    public static TextTokenizer open(Path folder, int maxLength) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new Refusal(folder + " holds no " + FILE
                    + ": save the model's tokenizer there, in the form of the tokenizers library.");
        }
        String text = FolderJson.text(file);
        JsonNode json = FolderJson.parse(file, text);
        if (!json.path("model").isObject()) {
            throw new Refusal(file + " has no 'model': save the tokenizer again.");
        }
        try {
            return new TextTokenizer(
                    file,
                    // The library reads no byte order mark, so it does not get the file's path.
                    HuggingFaceTokenizer.newInstance(
                            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                            Map.of("truncation", "true", "maxLength", String.valueOf(maxLength), "padding", "false")),
                    mask(folder, json));
        } catch (IOException | RuntimeException refused) {
            throw new Refusal(
                    file + " is no tokenizer that can be read (" + firstLine(refused) + "): save the tokenizer again.",
                    refused);
        }
    }

    private static OptionalInt mask(Path folder, JsonNode json) {
        Path config = folder.resolve(CONFIG);
        JsonNode named = Files.exists(config) ? FolderJson.read(config).path("mask_token") : json.path("absent");
        String content =
                named.isTextual() ? named.asText() : named.path("content").asText("");
        for (String name : content.isEmpty() ? new String[] {"[MASK]", "<mask>"} : new String[] {content}) {
            for (JsonNode added : json.path("added_tokens")) {
                if (added.path("content").asText().equals(name)
                        && added.path("id").isInt()) {
                    return OptionalInt.of(added.path("id").asInt());
                }
            }
            JsonNode id = json.path("model").path("vocab").path(name);
            if (id.isInt()) {
                return OptionalInt.of(id.asInt());
            }
        }
        return OptionalInt.empty();
    }

    /**
     * Returns the mask token.
     *
     * @throws Refusal if the tokenizer has none
     */
    public int mask() {
        return mask.orElseThrow(() -> new Refusal(file + " has no mask token: name it as mask_token in " + CONFIG
                + ", for a masked model is measured with it."));
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
        return new Line(ids, special);
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

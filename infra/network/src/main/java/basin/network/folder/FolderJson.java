package basin.network.folder;

import basin.study.Refusal;
import basin.study.file.Utf8Files;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;

/** A reader of the JSON files in a model's folder, bounded in size. Thread-safe. */
final class FolderJson {
    private static final int MAX_BYTES = 50_000_000;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // Python writes NaN and Infinity.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private FolderJson() {}

    /**
     * Returns the object in a file.
     *
     * @throws Refusal if the file contains no JSON object
     */
    static JsonNode read(Path file) {
        return parse(file, text(file));
    }

    /**
     * Returns the text of a file.
     *
     * @throws basin.study.Refusal if the file is no UTF-8 text, is too large, or cannot be read
     */
    static String text(Path file) {
        try {
            return Utf8Files.read(file, MAX_BYTES);
        } catch (IOException unreadable) {
            throw TensorFile.unreadable(file, unreadable);
        }
    }

    /** Returns the object in the text of a file. Refuses as {@link #read} does. */
    static JsonNode parse(Path file, String text) {
        try {
            JsonNode root = JSON.readTree(text);
            if (!root.isObject()) {
                throw new Refusal(file + " holds no JSON object: save the model again.");
            }
            return root;
        } catch (JsonProcessingException notJson) {
            throw new Refusal(
                    file + " is no JSON ("
                            + notJson.getOriginalMessage().lines().findFirst().orElse("")
                            + "): save the model again.",
                    notJson);
        }
    }
}

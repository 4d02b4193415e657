package basin.lm.model;

import basin.events.spec.Refusal;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON files of a model's folder, bounded in size. Thread-safe. */
final class FolderJson {
    private static final long MOST_BYTES = 50_000_000;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private FolderJson() {}

    /**
     * The object that a file holds.
     *
     * @throws Refusal in one sentence, where it holds none
     */
    static JsonNode read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new Refusal(file + " has " + Files.size(file) + " bytes: give at most " + MOST_BYTES + ".");
            }
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
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
        } catch (IOException unreadable) {
            throw TensorFile.unreadable(file, unreadable);
        }
    }
}

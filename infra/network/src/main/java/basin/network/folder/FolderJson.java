package basin.network.folder;

import basin.study.file.ForeignJson;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/** A reader of the JSON files in a model's folder, bounded in size. Thread-safe. */
final class FolderJson {
    private static final int MAX_BYTES = 100_000_000;

    private FolderJson() {}

    /**
     * Returns the object in a file.
     *
     * @throws basin.study.file.UnfinishedFile if the file is absent or ends too early
     * @throws basin.study.Refusal if the file contains no JSON object or cannot be read
     */
    static ObjectNode read(Path file) {
        try {
            return ForeignJson.object(file, MAX_BYTES, "save the model again");
        } catch (IOException unreadable) {
            throw TensorFile.unreadable(file, unreadable);
        }
    }
}

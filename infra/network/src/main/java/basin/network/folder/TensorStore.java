package basin.network.folder;

import basin.study.Refusal;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All tensors of a folder, in one safetensors file or in several with an index. Immutable;
 * thread-safe.
 */
record TensorStore(Map<String, TensorFile> byName) {
    private static final String ONE_FILE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final int MAX_SHARDS = 1_000;

    /**
     * Reads the headers.
     *
     * @throws Refusal if the folder contains no valid weights
     */
    static TensorStore open(Path folder) {
        Map<String, TensorFile> byName = new LinkedHashMap<>();
        if (Files.exists(folder.resolve(ONE_FILE))) {
            TensorFile file = TensorFile.open(folder.resolve(ONE_FILE));
            file.tensors().keySet().forEach(name -> byName.put(name, file));
            return new TensorStore(byName);
        }
        Path index = folder.resolve(INDEX);
        if (!Files.exists(index)) {
            throw new Refusal(folder + " holds neither " + ONE_FILE + " nor " + INDEX
                    + ": save the model there in safetensors, as save_pretrained does.");
        }
        JsonNode map = FolderJson.read(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new Refusal(index + " has no 'weight_map' from names of tensors to files: save the model again.");
        }
        Map<String, TensorFile> files = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String name = entry.getValue().asText();
            if (!entry.getValue().isTextual() || !name.matches("[\\w.-]+") || name.startsWith(".")) {
                throw new Refusal(index + " puts '" + entry.getKey() + "' into " + entry.getValue()
                        + ": give the name of a file in the same folder.");
            }
            if (!files.containsKey(name)) {
                if (files.size() == MAX_SHARDS) {
                    throw new Refusal(
                            index + " names more than " + MAX_SHARDS + " files: save the model in fewer, larger ones.");
                }
                if (!Files.exists(folder.resolve(name))) {
                    throw new Refusal(index + " names " + name
                            + ", which is not in the folder: fetch it, or save the model again.");
                }
                files.put(name, TensorFile.open(folder.resolve(name)));
            }
            TensorFile file = files.get(name);
            if (file == null || !file.tensors().containsKey(entry.getKey())) {
                throw new Refusal(index + " puts '" + entry.getKey() + "' into " + name
                        + ", which does not hold it: save the model again.");
            }
            byName.put(entry.getKey(), file);
        }
        return new TensorStore(byName);
    }

    /** Returns the file that contains a tensor; empty if none does. */
    Optional<TensorFile> holding(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Set<String> names() {
        return byName.keySet();
    }
}

package basin.study.file;

import basin.study.Ids;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Folders of models by what is in them. A record names a model by its hash, for a path means nothing on another machine; each machine looks
 * for the folder with that hash: among those that a study file named, and in those that the environment variable {@code BASIN_MODELS}
 * lists, which are models or hold models. Thread-safe.
 */
public final class ModelFolders {
    /** Lists folders, separated as in {@code PATH}. */
    public static final String VARIABLE = "BASIN_MODELS";

    /** As the variable, for this process. */
    static final String PROPERTY = "basin.models";

    /** The file that splits text into a model's tokens, in the form of the tokenizers library. */
    public static final String TOKENIZER = "tokenizer.json";

    private static final String CONFIG = "config.json";

    private static final HashedPaths MODELS = new HashedPaths(
            VARIABLE,
            PROPERTY,
            ModelFolders::models,
            folder -> Files.exists(folder.resolve(CONFIG)),
            ModelFolders::hash);

    private static final HashedPaths TOKENIZERS = new HashedPaths(
            VARIABLE,
            PROPERTY,
            listed -> models(listed).stream()
                    .map(folder -> folder.resolve(TOKENIZER))
                    .toList(),
            Files::isRegularFile,
            FileHashes::of);

    private ModelFolders() {}

    /**
     * Returns the hash of a folder's model and remembers the folder by it: the SHA-256 of a line for each of {@code config.json} and the files
     * whose names end in {@code .safetensors} or {@code .safetensors.index.json}, by name, each its own SHA-256, two blanks and its name:
     * what {@code sha256sum} prints.
     *
     * @return 64 hexadecimal digits
     * @throws IOException where it cannot be read
     */
    public static String remember(Path folder) throws IOException {
        return MODELS.remember(folder);
    }

    /**
     * Finds the folder with that hash; empty where this machine knows none.
     *
     * @throws IOException where a folder that is listed cannot be read
     */
    public static Optional<Path> find(String hash) throws IOException {
        return MODELS.find(hash);
    }

    /**
     * Returns the hash of a folder's {@code tokenizer.json} and remembers the file by it. It is no part of the model's hash, because the
     * weights do not depend on how text is split.
     *
     * @return 64 hexadecimal digits
     * @throws IOException where it cannot be read
     */
    public static String rememberTokenizer(Path folder) throws IOException {
        return TOKENIZERS.remember(folder.resolve(TOKENIZER));
    }

    /**
     * Finds the {@code tokenizer.json} with that hash in the folders of models; empty where this machine knows none.
     *
     * @throws IOException where a folder that is listed cannot be read
     */
    public static Optional<Path> findTokenizer(String hash) throws IOException {
        return TOKENIZERS.find(hash);
    }

    private static List<Path> models(Path folder) throws IOException {
        if (Files.exists(folder.resolve(CONFIG))) {
            return List.of(folder);
        }
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> below = Files.list(folder)) {
            return below.filter(one -> Files.exists(one.resolve(CONFIG)))
                    .sorted()
                    .toList();
        }
    }

    private static String hash(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> isOfModel(name(file))).sorted().toList();
        }
        StringBuilder lines = new StringBuilder();
        for (Path file : files) {
            lines.append(FileHashes.of(file)).append("  ").append(name(file)).append('\n');
        }
        return Ids.hex(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isOfModel(String name) {
        return name.equals(CONFIG) || name.endsWith(".safetensors") || name.endsWith(".safetensors.index.json");
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}

package basin.study.file;

import basin.study.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Model folders by the hash of their contents. A record names a model by its hash, because a path
 * means nothing on another machine. Each machine looks for a folder with that hash among those that
 * a study file named, and in the folders of the environment variable {@code BASIN_MODELS}, which
 * are models or contain models. Thread-safe.
 */
public final class ModelFolders {
    /** The environment variable that lists folders, separated as in {@code PATH}. */
    public static final String VARIABLE = "BASIN_MODELS";

    /** The system property that replaces the variable in this process. */
    static final String PROPERTY = "basin.models";

    /** The file of a model's tokenizer, in the format of Hugging Face's tokenizers library. */
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
     * Returns the hash of a folder's model and remembers the folder by it. The hash is the SHA-256
     * of the lines that {@code sha256sum} prints for {@code config.json} and the files whose names
     * end in {@code .safetensors} or {@code .safetensors.index.json}: sorted by name, each with its
     * SHA-256, two blanks and its name.
     *
     * @return 64 hexadecimal digits
     * @throws IOException if a file cannot be read
     */
    public static String remember(Path folder) throws IOException {
        return MODELS.remember(folder);
    }

    /**
     * Finds the folder with that hash; empty if this machine knows none.
     *
     * @throws IOException if a listed folder cannot be read
     */
    public static Optional<Path> find(String hash) throws IOException {
        return MODELS.find(hash);
    }

    /**
     * Returns the hash of a folder's {@code tokenizer.json} and remembers the file by it. The
     * model's hash does not include it, because the weights do not depend on the tokenizer.
     *
     * @return 64 hexadecimal digits
     * @throws IOException if the file cannot be read
     */
    public static String rememberTokenizer(Path folder) throws IOException {
        return TOKENIZERS.remember(folder.resolve(TOKENIZER));
    }

    /**
     * Finds the {@code tokenizer.json} with that hash in the folders of models; empty if this
     * machine knows none.
     *
     * @throws IOException if a listed folder cannot be read
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
        StringBuilder lines = new StringBuilder();
        for (HashedFile file : files(folder)) {
            lines.append(file.sha256()).append("  ").append(file.name()).append('\n');
        }
        return Sha256.hex(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A file of a model.
     *
     * @param name name in the model's folder
     * @param sha256 SHA-256, 64 lower-case hexadecimal digits
     */
    public record HashedFile(String name, String sha256) {}

    /**
     * Returns the files that {@link #remember} hashes, sorted by name.
     *
     * @throws IOException if a file cannot be read
     */
    public static List<HashedFile> files(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> isOfModel(name(file))).sorted().toList();
        }
        List<HashedFile> hashed = new ArrayList<>();
        for (Path file : files) {
            hashed.add(new HashedFile(name(file), FileHashes.of(file)));
        }
        return hashed;
    }

    private static boolean isOfModel(String name) {
        return name.equals(CONFIG) || name.endsWith(".safetensors") || name.endsWith(".safetensors.index.json");
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}

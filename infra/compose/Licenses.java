import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Collects the licences of the libraries that the archive and the image carry: the texts inside the
 * jars, and a table of all of them from the list of parts (CycloneDX). Started with the program's
 * jars on the class path. The same jars give the same files.
 */
final class Licenses {
    /** The names of files with the text of a licence. */
    private static final Pattern TEXT = Pattern.compile(
            "[^.]*(LICEN[CS]E|NOTICE|COPYING|COPYRIGHT)[^.]*([.0-9]*\\.(txt|md))?", Pattern.CASE_INSENSITIVE);

    private static final String HEAD = """
        # Licences of what Basin is delivered with

        `../sbom.json` lists the same parts with their hashes (CycloneDX). The texts that a jar holds are in the folder of
        its name here; where it holds none, the last column has the address that its publisher gives.

        - The Java runtime's licences are in `../runtime/legal`.
        - The jar of libtorch holds no text. PyTorch's licence, and those of the libraries inside libtorch, are
          https://github.com/pytorch/pytorch/blob/v%s/LICENSE and the file NOTICE beside it.

        | library | version | licence | text |
        |---|---|---|---|
        """;

    private Licenses() {}

    /**
     * Writes them.
     *
     * @param arguments the list of parts; the folder to write to; the version of libtorch
     */
    public static void main(String[] arguments) throws IOException {
        JsonNode parts =
                new ObjectMapper().readTree(Path.of(arguments[0]).toFile()).path("components");
        Path folder = Path.of(arguments[1]);
        Map<String, Path> jars = new TreeMap<>();
        for (String jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
            String name = Path.of(jar).getFileName().toString().replaceFirst("\\.jar$", "");
            if (!name.startsWith("basin-")) {
                jars.put(name, Path.of(jar));
            }
        }
        StringBuilder table = new StringBuilder(HEAD.formatted(arguments[2]));
        for (Map.Entry<String, Path> jar : jars.entrySet()) {
            JsonNode part = part(parts, jar.getKey());
            List<String> texts = texts(jar.getValue(), folder.resolve(jar.getKey()));
            table.append("| `%s:%s` | %s | %s | %s |\n"
                    .formatted(
                            part.path("group").asText(),
                            part.path("name").asText(),
                            part.path("version").asText(),
                            licences(part, "id", "name"),
                            texts.isEmpty() ? licences(part, "url") : "`" + jar.getKey() + "`"));
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("README.md"), table);
    }

    /**
     * Returns the part that a jar is; a classifier, such as that of a platform, follows the
     * version.
     */
    private static JsonNode part(JsonNode parts, String jar) {
        for (JsonNode part : parts) {
            String name =
                    part.path("name").asText() + "-" + part.path("version").asText();
            if (jar.equals(name) || jar.startsWith(name + "-")) {
                return part;
            }
        }
        throw new IllegalStateException("The list of parts lacks " + jar);
    }

    private static String licences(JsonNode part, String... fields) {
        List<String> all = new ArrayList<>();
        for (JsonNode one : part.path("licenses")) {
            JsonNode licence = one.path("license");
            for (String field : fields) {
                if (licence.has(field)) {
                    all.add(licence.path(field).asText());
                    break;
                }
            }
            if (one.has("expression")) {
                all.add(one.path("expression").asText());
            }
        }
        return String.join(", ", all);
    }

    /** Copies the texts of a jar to a folder and returns their names. */
    private static List<String> texts(Path jar, Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile(), StandardCharsets.UTF_8)) {
            for (ZipEntry entry : zip.stream().toList()) {
                String name = Path.of(entry.getName()).getFileName().toString();
                if (!entry.isDirectory() && TEXT.matcher(name).matches()) {
                    Files.createDirectories(folder);
                    try (InputStream text = zip.getInputStream(entry)) {
                        Files.write(folder.resolve(name), text.readAllBytes());
                    }
                    names.add(name);
                }
            }
        }
        return names;
    }
}

package basin.cli.command;

import basin.study.ProgramVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/**
 * The versions of the program and of what it runs on. Reads small files only: no native library is
 * loaded for it.
 */
public final class Versions implements IVersionProvider {
    private static final String UNKNOWN = "unknown";

    @Override
    public String[] getVersion() {
        return lines().toArray(String[]::new);
    }

    /** Returns one fact per line, each a word and its value. */
    static List<String> lines() {
        ProgramVersion program = ProgramVersion.current();
        return List.of(
                "basin " + program.version(),
                "commit " + program.commit().orElse(UNKNOWN),
                "jdk " + System.getProperty("java.vm.version") + ", " + System.getProperty("java.vendor"),
                "libtorch " + property("pytorch-engine.properties", "pytorch_version"),
                "djl " + property("ai/djl/engine/api.properties", "djl_version"),
                "kafka " + property("kafka/kafka-version.properties", "version"),
                "system " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
    }

    private static String property(String resource, String key) {
        Properties properties = new Properties();
        try (InputStream in = Versions.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                return UNKNOWN;
            }
            properties.load(in);
        } catch (IOException unreadable) {
            return UNKNOWN;
        }
        return properties.getProperty(key, UNKNOWN);
    }
}

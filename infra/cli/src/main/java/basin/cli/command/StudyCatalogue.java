package basin.cli.command;

import basin.study.Program;
import basin.study.Refusal;
import basin.study.StudySpec;
import basin.study.file.NearestName;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The studies that come with Basin, by name, and study files of the user. */
final class StudyCatalogue {
    private static final String ENDING = ".yaml";

    private StudyCatalogue() {}

    /** Returns the folder {@code studies} beside the launcher. */
    private static Path folder() {
        return Path.of(System.getProperty("basin.home", "infra"), "studies");
    }

    /** Returns the JSON Schema of study files, for editors: its path as seen from a file. */
    static String schema(Path file) {
        Path schema = folder().resolve("study.schema.json").toAbsolutePath().normalize();
        Path from = file.toAbsolutePath().normalize().getParent();
        Path seen = from == null ? schema : from.relativize(schema);
        return seen.toString();
    }

    /** Returns the names of the studies that come with Basin, sorted. */
    static List<String> names() {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Refusal("The studies that come with Basin cannot be listed in " + folder() + ": " + e.getMessage()
                    + "; run it through its launcher, " + Program.NAME + ".");
        }
    }

    /**
     * Reads a study, by name or file, to be inspected: a model that it names need not be on this
     * machine.
     */
    static StudySpec draft(String nameOrFile) {
        return StudyFile.draft(file(nameOrFile));
    }

    /** Returns what a study that comes with Basin is for: the first sentence of its file. */
    static String about(String name) {
        List<String> comments = StudyFile.comments(file(name));
        String all = String.join(" ", comments);
        int end = all.indexOf(". ");
        return end < 0 ? all : all.substring(0, end + 1);
    }

    /** Returns the file of a study, by name or file. */
    static Path file(String nameOrFile) {
        Path own = Path.of(nameOrFile);
        Path ours = folder().resolve(nameOrFile + ENDING);
        boolean plain = own.getNameCount() == 1 && !nameOrFile.endsWith(ENDING) && !nameOrFile.endsWith(".yml");
        if (plain && Files.exists(ours)) {
            return ours;
        }
        if (!Files.exists(own)) {
            throw new Refusal("There is no study '" + nameOrFile + "'" + NearestName.question(nameOrFile, names())
                    + ": name one of " + String.join(", ", names()) + ", or an existing file.");
        }
        return own;
    }
}

package basin.study.file;

import basin.study.Refusal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Names of files and folders that a file gives. Thread-safe. */
public final class FileNames {
    private FileNames() {}

    /**
     * Returns the path of a name beside other files.
     *
     * @param field name of the field in messages
     * @throws Refusal if no file can have that name, such as one with a NUL character
     */
    public static Path beside(Path folder, String name, String field) {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException impossible) {
            throw new Refusal(field + " is '" + name + "': give a name that a file can have.", impossible);
        }
    }
}

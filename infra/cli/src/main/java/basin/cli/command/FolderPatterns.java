package basin.cli.command;

import basin.study.Refusal;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Folders given by patterns such as {@code models/step*}, as a shell reads them. */
final class FolderPatterns {
    private static final Pattern WILD = Pattern.compile(".*[*?\\[{].*");

    private FolderPatterns() {}

    /** Returns whether it is a pattern and no path that exists. */
    static boolean isPattern(Path given) {
        return WILD.matcher(given.toString()).matches() && !Files.exists(given);
    }

    /**
     * Returns the folders that match each pattern, sorted, and every other path as it is, in the
     * order given. A folder that is given twice is returned once.
     *
     * @throws Refusal if a pattern matches no folder, or is none
     */
    static List<Path> expanded(List<Path> given) {
        List<Path> all = new ArrayList<>();
        Set<Path> known = new HashSet<>();
        for (Path one : given) {
            for (Path folder : isPattern(one) ? matching(one) : List.of(one)) {
                if (known.add(identity(folder))) {
                    all.add(folder);
                }
            }
        }
        return all;
    }

    /** Returns whether two paths name one folder. */
    static boolean areSame(Path one, Path other) {
        return identity(one).equals(identity(other));
    }

    private static Path identity(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException absent) {
            return folder.toAbsolutePath().normalize();
        }
    }

    private static List<Path> matching(Path pattern) {
        List<Path> found = List.of(Optional.ofNullable(pattern.getRoot()).orElse(Path.of("")));
        for (Path name : pattern) {
            List<Path> deeper = new ArrayList<>();
            for (Path folder : found) {
                deeper.addAll(matching(folder, name.toString(), pattern));
            }
            found = deeper;
        }
        if (found.isEmpty()) {
            throw new Refusal(
                    "DIR is '" + pattern + "', which matches no folder: name folders that exist, or another pattern.");
        }
        return found.stream().sorted().toList();
    }

    private static List<Path> matching(Path folder, String name, Path pattern) {
        if (!WILD.matcher(name).matches()) {
            Path one = folder.resolve(name);
            return Files.isDirectory(one) ? List.of(one) : List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, name)) {
            for (Path entry : entries) {
                // As in a shell, a star stands for no hidden name.
                boolean hidden = String.valueOf(entry.getFileName()).startsWith(".") && !name.startsWith(".");
                if (!hidden && Files.isDirectory(entry)) {
                    found.add(entry);
                }
            }
        } catch (PatternSyntaxException wrong) {
            throw new Refusal("DIR is '" + pattern + "', which is no pattern: name folders, or close its brackets.");
        } catch (IOException unreadable) {
            throw new Refusal("DIR is '" + pattern + "', and the folder " + folder
                    + " cannot be read: name one that you may read.");
        }
        return found;
    }
}

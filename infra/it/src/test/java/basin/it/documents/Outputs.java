package basin.it.documents;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** The outputs of commands that pages show. */
final class Outputs {
    /** Begins the value of a marker whose output is not made again by the tests. */
    private static final String KEPT = "not made again here";

    private Outputs() {}

    /** Returns whether pages are written instead of compared. */
    static boolean writes() {
        return "write".equals(System.getProperty("basin.outputs"));
    }

    static boolean isMadeAgain(Page.Block block) {
        return block.is("output") && !block.value().startsWith(KEPT);
    }

    /** Returns the page with another output in the place of a block, without lines of progress. */
    static Page with(Page page, Page.Block block, String output) {
        List<String> lines = new ArrayList<>(page.lines());
        // Blocks before this one may have changed their length.
        Page.Block now = page.blocks().stream()
                .filter(one -> one.marker().equals(block.marker()))
                .findFirst()
                .orElseThrow();
        int from = now.line() - 1;
        lines.subList(from, from + now.lines().size()).clear();
        lines.addAll(
                from,
                output.replaceAll("(?m)^ *[0-9]+ %  .*\\R", "")
                        .replaceFirst("\\A\\s*\\R", "")
                        .stripTrailing()
                        .lines()
                        .map(String::stripTrailing)
                        .toList());
        return new Page(page.path(), List.copyOf(lines));
    }

    static void write(Page page) throws IOException {
        Files.writeString(page.file(), String.join("\n", page.lines()) + "\n");
    }

    /** Returns the lines without the values of their numbers, which differ between machines. */
    static List<String> masked(Page page) {
        return page.lines().stream()
                .map(line -> line.replaceAll("[-+−]?[0-9][0-9.,]*(?:e[-+]?[0-9]+)?", "#")
                        .replaceAll(" +", " "))
                .toList();
    }
}

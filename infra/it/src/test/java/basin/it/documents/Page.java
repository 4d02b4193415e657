package basin.it.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown page of the repository.
 *
 * @param path path from the root of the repository, with slashes
 */
record Page(String path, List<String> lines) {
    /** The root of the repository. */
    static final Path ROOT = Path.of(System.getProperty("basin.home"))
            .toAbsolutePath()
            .normalize()
            .resolveSibling("");

    private static final Set<String> SKIPPED = Set.of("target", "node_modules", ".git", ".basin");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)|src=\"([^\"]+)\"");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");
    private static final Pattern MARKER = Pattern.compile("<!-- (.*) -->");

    /**
     * A fenced block.
     *
     * @param language word after the fence, empty if there is none
     * @param marker text of the comment in the line before the fence, empty if there is none
     * @param line number of the line after the opening fence, from 1
     */
    record Block(String language, String marker, int line, List<String> lines) {
        String text() {
            return String.join("\n", lines) + "\n";
        }

        /** Returns whether the marker is this word, alone or with a value after a colon. */
        boolean is(String word) {
            return marker.equals(word) || marker.startsWith(word + ":");
        }

        /** Returns what follows the marker's word and its colon. */
        String value() {
            int colon = marker.indexOf(':');
            return colon < 0 ? "" : marker.substring(colon + 1).strip();
        }
    }

    /** A reference to a file, an anchor or an address. */
    record Link(String target, int line) {}

    static Page of(Path file) {
        try {
            return new Page(ROOT.relativize(file).toString().replace('\\', '/'), Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page of(String path) {
        return of(ROOT.resolve(path));
    }

    /** Returns all pages, in the order of their paths. */
    static List<Page> all() throws IOException {
        return under("").stream()
                .filter(file -> file.toString().endsWith(".md"))
                .map(Page::of)
                .toList();
    }

    /** Returns all files below a folder but those that are built or fetched, in order. */
    static List<Path> under(String folder) throws IOException {
        List<Path> files = new ArrayList<>();
        List<Path> folders = new ArrayList<>(List.of(ROOT.resolve(folder)));
        while (!folders.isEmpty()) {
            try (Stream<Path> entries = Files.list(folders.removeLast())) {
                entries.filter(entry -> !SKIPPED.contains(entry.getFileName().toString()))
                        .forEach(entry -> (Files.isDirectory(entry) ? folders : files).add(entry));
            }
        }
        return files.stream().sorted().toList();
    }

    Path file() {
        return ROOT.resolve(path);
    }

    /** Returns whether a command writes the whole page. */
    boolean isGenerated() {
        return path.startsWith("infra/docs/results/") || path.equals("infra/docs/estimators.md");
    }

    /** Returns the fenced blocks in order. */
    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            if (!lines.get(at).startsWith("```")) {
                continue;
            }
            String language = lines.get(at).substring(3).strip();
            String before = at == 0 ? "" : lines.get(at - 1).strip();
            String marker = MARKER.matcher(before)
                    .results()
                    .map(found -> found.group(1))
                    .findFirst()
                    .orElse("");
            int end = at + 1;
            while (!lines.get(end).startsWith("```")) {
                end++;
            }
            blocks.add(new Block(language, marker, at + 2, List.copyOf(lines.subList(at + 1, end))));
            at = end;
        }
        return blocks;
    }

    /** Returns the lines outside fenced blocks, each block's lines being empty. */
    List<String> prose() {
        List<String> prose = new ArrayList<>();
        boolean code = false;
        for (String line : lines) {
            boolean fence = line.startsWith("```");
            prose.add(code || fence ? "" : line);
            code ^= fence;
        }
        return prose;
    }

    List<Link> links() {
        List<Link> links = new ArrayList<>();
        List<String> prose = prose();
        for (int at = 0; at < prose.size(); at++) {
            String text = CODE.matcher(prose.get(at)).replaceAll("");
            for (MatchResult found : LINK.matcher(text).results().toList()) {
                links.add(new Link(found.group(1) == null ? found.group(2) : found.group(1), at + 1));
            }
        }
        return links;
    }

    /** Returns the text of inline code, one entry for each, with the number of its line. */
    List<Link> inlineCode() {
        List<Link> code = new ArrayList<>();
        List<String> prose = prose();
        for (int at = 0; at < prose.size(); at++) {
            for (MatchResult found : CODE.matcher(prose.get(at)).results().toList()) {
                code.add(new Link(found.group().substring(1, found.group().length() - 1), at + 1));
            }
        }
        return code;
    }

    /** Returns the anchors of the headings, as GitHub makes them. */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        for (String line : prose()) {
            if (line.matches("#{1,6} .*")) {
                String text = line.replaceFirst("#+ ", "").replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1");
                String slug = text.toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-');
                String anchor = slug;
                for (int copy = 1; !anchors.add(anchor); copy++) {
                    anchor = slug + "-" + copy;
                }
            }
        }
        return anchors;
    }
}

package basin.study;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The Javadoc of records and their components, from which the descriptions in the schemas are
 * generated.
 */
public final class RecordComments {
    private static final Pattern ESCAPED = Pattern.compile("\\\\u([0-9a-fA-F]{4})");

    private final Map<String, String> words = new HashMap<>();

    private RecordComments() {}

    /** Reads the comments of all sources below a folder. */
    public static RecordComments of(Path... sources) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path source : sources) {
            try (Stream<Path> all = Files.walk(source)) {
                all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            }
        }
        RecordComments comments = new RecordComments();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            DocTrees trees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                comments.read(unit, trees);
            }
        }
        return comments;
    }

    private void read(CompilationUnitTree unit, DocTrees trees) {
        var scanner = new TreePathScanner<Void, String>() {
            @Override
            public Void visitClass(ClassTree type, String outer) {
                String name = outer + "." + type.getSimpleName();
                take(name, trees.getDocCommentTree(getCurrentPath()));
                return super.visitClass(type, name);
            }
        };
        Void _ = scanner.scan(new TreePath(unit), String.valueOf(unit.getPackageName()));
    }

    private void take(String name, DocCommentTree comment) {
        if (comment == null) {
            return;
        }
        words.put(name, text(comment.getFullBody()));
        for (DocTree tag : comment.getBlockTags()) {
            if (tag instanceof ParamTree param) {
                words.put(name + "#" + param.getName(), text(param.getDescription()));
            }
        }
    }

    private static String text(List<? extends DocTree> parts) {
        String written = parts.stream().map(String::valueOf).collect(Collectors.joining());
        // The tree writes non-ASCII characters as Unicode escapes.
        return ESCAPED.matcher(written)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))))
                .replaceAll("\\{@(?:code|link|linkplain)\\s+(?:[^}\\s]*#)?([^}]*)\\}", "$1")
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** Returns the description of a type, by its canonical name. */
    public Optional<String> of(String type) {
        return Optional.ofNullable(words.get(type)).filter(text -> !text.isEmpty());
    }

    /** Returns the description of a component of a record. */
    public Optional<String> of(String type, String component) {
        return of(type + "#" + component);
    }
}

package basin.it;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command that starts a main class in a separate JVM with this JVM's class path, as the
 * launcher does.
 */
public final class JavaCommand {
    /**
     * JVM option for short processes, which need a third less CPU time without the optimising
     * compiler. It does not change a bit of the results.
     */
    public static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1";

    private static final Path HOME = Path.of(System.getProperty("basin.home"));
    private static final List<String> CLASS_PATH =
            List.of(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                    .split(File.pathSeparator, -1));

    private JavaCommand() {}

    /**
     * Returns the words of the command.
     *
     * @param heap maximum heap size, as for {@code -Xmx}
     * @param options further options of the JVM
     * @param program the main class and its arguments
     */
    public static List<String> of(String heap, List<String> options, String... program) {
        return of(heap, options, Stream.concat(jars(), folders()), program);
    }

    /**
     * Returns the words of the command for a short process: without the optimising compiler, and
     * with the program's classes from an archive.
     *
     * @param heap maximum heap size, as for {@code -Xmx}
     * @param options further options of the JVM
     * @param program the main class and its arguments
     */
    public static List<String> shortLived(String heap, List<String> options, String... program) {
        return of(
                heap,
                Stream.of(List.of(SHORT_LIVED), ClassArchive.OPTIONS, options)
                        .flatMap(List::stream)
                        .toList(),
                program);
    }

    /** Returns the words of the command that writes the archive of the classes that it loads. */
    static List<String> archiving(Path archive, String... program) {
        return of("1g", List.of(SHORT_LIVED, "-XX:ArchiveClassesAtExit=" + archive), jars(), program);
    }

    private static List<String> of(String heap, List<String> options, Stream<String> classPath, String... program) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.add("@" + HOME.resolve("cli/jvm.options"));
        command.add("-Dbasin.home=" + HOME);
        command.addAll(options);
        command.add("-cp");
        command.add(classPath.collect(Collectors.joining(File.pathSeparator)));
        command.addAll(List.of(program));
        return command;
    }

    /** The JVM uses an archive only if the class path begins with the jars that it was made of. */
    private static Stream<String> jars() {
        return CLASS_PATH.stream().filter(entry -> entry.endsWith(".jar"));
    }

    private static Stream<String> folders() {
        return CLASS_PATH.stream().filter(entry -> !entry.endsWith(".jar"));
    }
}

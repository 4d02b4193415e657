package basin.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

    private JavaCommand() {}

    /**
     * Returns the words of the command.
     *
     * @param heap maximum heap size, as for {@code -Xmx}
     * @param options further options of the JVM
     * @param program the main class and its arguments
     */
    public static List<String> of(String heap, List<String> options, String... program) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.add("@" + HOME.resolve("cli/jvm.options"));
        command.add("-Dbasin.home=" + HOME);
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.addAll(List.of(program));
        return command;
    }
}

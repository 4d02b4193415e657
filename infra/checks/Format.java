import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks ({@code check}) or rewrites ({@code write}) the format of every Java source below the
 * working directory.
 */
public final class Format {
    private Format() {}

    public static void main(String[] args) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--palantir"));
        boolean write = args.length == 1 && args[0].equals("write");
        arguments.addAll(write ? List.of("--replace") : List.of("--set-exit-if-changed", "--dry-run"));
        try (Stream<Path> files = Files.walk(Path.of(""))) {
            files.filter(Format::isSource).map(Path::toString).sorted().forEach(arguments::add);
        }
        if (!write) {
            System.out.println("Sources whose format differs are listed here; mend them with: mvn -q -pl infra/checks"
                    + " validate -Dbasin.format=write");
        }
        com.palantir.javaformat.java.Main.main(arguments.toArray(String[]::new));
    }

    private static boolean isSource(Path path) {
        String name = path.toString().replace('\\', '/');
        return name.endsWith(".java") && !name.contains("/target/") && !name.startsWith(".");
    }
}

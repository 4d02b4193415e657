package basin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** The result of a command that is run as a user types it: exit status, output and errors. */
public record Typed(int status, String out, String error) {
    public static Typed basin(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter error = new StringWriter();
        CommandLine line = Basin.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(error));
        return new Typed(line.execute(arguments), out.toString(), error.toString());
    }

    /** Runs a study to its end, with its record and its results in these folders. */
    public static Typed runToEnd(Path study, Path data, Path out) {
        Typed ran = basin(
                "run",
                study.toString(),
                "--data",
                data.toString(),
                "--out",
                out.toString(),
                "--port",
                "0",
                "--exit-when-done");
        assertThat(ran.status).as(ran.all()).isZero();
        return ran;
    }

    /** Runs a command with the address of a running Kafka. */
    public static Typed at(String bootstrap, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--bootstrap", bootstrap, "--wait", "20"));
        return basin(all.toArray(String[]::new));
    }

    public List<String> lines() {
        return out.lines().toList();
    }

    /** Returns output and errors. */
    public String all() {
        return out + error;
    }

    /** Checks that the command was refused in one sentence, the last after its progress. */
    public void refused(String expected) {
        assertThat(error.lines()).filteredOn(line -> line.startsWith("basin: ")).hasSize(1);
        assertThat(error.strip().lines().toList().getLast())
                .startsWith("basin: ")
                .contains(expected)
                .endsWith(".");
        assertThat(error).doesNotContain("Exception");
        assertThat(status).isEqualTo(2);
    }

    /** Checks that the command ended well and printed all of it, as a result or on the way. */
    public Typed says(String... expected) {
        assertThat(error).doesNotContain("basin: ");
        assertThat(all()).contains(expected);
        assertThat(status).as(error).isZero();
        return this;
    }
}

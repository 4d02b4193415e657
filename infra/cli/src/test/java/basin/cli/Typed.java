package basin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
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

    /** Runs a command with the address of a running Kafka. */
    public static Typed at(String bootstrap, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--bootstrap", bootstrap, "--wait", "20"));
        return basin(all.toArray(String[]::new));
    }

    public List<String> lines() {
        return out.lines().toList();
    }

    public void refused(String expected) {
        assertThat(error).startsWith("basin: ").contains(expected);
        assertThat(error.strip())
                .doesNotContain("\n")
                .doesNotContain("Exception")
                .endsWith(".");
        assertThat(status).isEqualTo(2);
    }

    public Typed says(String... expected) {
        assertThat(error).isEmpty();
        assertThat(out).contains(expected);
        assertThat(status).isZero();
        return this;
    }
}

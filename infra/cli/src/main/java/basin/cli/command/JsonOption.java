package basin.cli.command;

import basin.study.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option that prints a command's result as JSON, for programs. */
final class JsonOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--json",
            description = "Prints the result as JSON to standard output and nothing else there; the schemas are in"
                    + " infra/docs/schemas.")
    private boolean json;

    /** Returns whether the option is given. */
    boolean isGiven() {
        return json;
    }

    /**
     * Prints a result.
     *
     * @param document the result for programs
     * @param text prints the result for readers
     */
    void print(Object document, Consumer<PrintWriter> text) {
        PrintWriter out = command.commandLine().getOut();
        if (!json) {
            text.accept(out);
            return;
        }
        try {
            out.println(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A result could not be written as JSON.", e);
        }
    }
}

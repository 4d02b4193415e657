package basin.cli.command;

import basin.study.Program;
import basin.study.Refusal;
import basin.study.file.StudyTemplate;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a short study file to begin with. */
@Command(
        name = "new",
        header = "Writes a short study file to begin with.",
        description = "All fields that the file leaves out have defaults; ${ROOT-COMMAND-NAME} plan FILE --show prints"
                + " them.",
        footer = {
            "  ${ROOT-COMMAND-NAME} new my-study.yaml --sizes 16,32 --rates 1e-3,3e-3 --seeds 2",
            "    Writes a study of two sizes, two learning rates and two seeds."
        })
public final class NewCommand extends PrintingCommand {
    private static final String ENDING = ".yaml";

    @Parameters(paramLabel = "FILE", description = "The file to write, such as my-study.yaml. It must not exist.")
    private Path file = Path.of("");

    @Option(
            names = "--sizes",
            paramLabel = "WIDTH",
            split = ",",
            defaultValue = "16,32",
            description = "Widths of the networks, separated by commas; default: ${DEFAULT-VALUE}.")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--rates",
            paramLabel = "RATE",
            split = ",",
            defaultValue = "0.003,0.01",
            description = "Peak learning rates, separated by commas; default: ${DEFAULT-VALUE}.")
    private List<Double> rates = List.of();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "2",
            description = "Number of seeds: 2 means the seeds 1 and 2; default: ${DEFAULT-VALUE}.")
    private int seeds;

    @Option(
            names = "--language",
            paramLabel = "KIND",
            defaultValue = "tree",
            description = "Kind of language: tree, layered, random, grammar, hmm, brackets, teacher or text; default:"
                    + " ${DEFAULT-VALUE}.")
    private String language = "";

    @Override
    int run(PrintWriter out) {
        String named = String.valueOf(file.getFileName());
        String name = named.replaceFirst("[.]ya?ml$", "");
        if (name.equals(named)) {
            throw new Refusal("The file is '" + file + "': give a name that ends in " + ENDING + ".");
        }
        String text = StudyTemplate.of(
                name,
                language,
                sizes,
                rates,
                seeds,
                List.of(
                        "yaml-language-server: $schema=" + StudyCatalogue.schema(file),
                        "Study " + name + ". Every other field has a default: " + Program.NAME + " plan " + file
                                + " --show"));
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new Refusal(file + " exists: give another name, or remove it.");
        } catch (NoSuchFileException e) {
            throw new Refusal(file + " cannot be written: there is no folder "
                    + file.toAbsolutePath().getParent() + ".");
        } catch (IOException e) {
            throw new Refusal(file + " cannot be written: " + e.getMessage() + ".");
        }
        out.println("Wrote " + file + ". Plan it: " + Program.NAME + " plan " + file + "; run it: " + Program.NAME
                + " run " + file);
        return 0;
    }
}

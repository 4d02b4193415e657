package basin.cli.command;

import basin.aggregator.Replay;
import basin.aggregator.present.Numbers;
import basin.aggregator.report.Answer;
import basin.aggregator.report.ResultsSection;
import basin.cli.document.AnswerDocument;
import basin.study.Program;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import basin.study.WholeFile;
import basin.study.file.QuestionFile;
import basin.study.file.Utf8Files;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a study's results to a Markdown page with figures. */
@Command(
        name = "results",
        header = "Writes a study's results as a page with figures.",
        description =
                "Writes Markdown with every factor, every task and every correlation. The same record gives the same"
                        + " bytes.",
        footer = {
            "  ${ROOT-COMMAND-NAME} results --out results.md",
            "    Writes the newest record's results to results.md and its figures to pictures."
        })
public final class ResultsCommand extends PrintingCommand {
    @Mixin
    private RecordSource source = new RecordSource();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "Required. The page: a new file, or one with the two comment lines between which the results"
                    + " stand.")
    private Path file;

    @Option(
            names = "--pictures",
            paramLabel = "DIR",
            description = "Folder for the figures; default: the folder pictures next to the page.")
    private Optional<Path> pictures = Optional.empty();

    @Option(
            names = "--part",
            paramLabel = "PART",
            defaultValue = "all",
            description = "How much: all; summary, which leaves correlations at other levels out; or arms, the training"
                    + " methods alone. Default: ${DEFAULT-VALUE}.")
    private ResultsSection.Part part = ResultsSection.Part.ALL;

    @Option(
            names = "--analysis",
            paramLabel = "FILE",
            description =
                    "A question file with other runs, tasks, levels or statistics; infra/docs/replaying.md lists its"
                            + " fields. Default: the study's own question.")
    private Optional<Path> analysis = Optional.empty();

    @Option(names = "--full", description = "Prints all comparisons, instead of those that answer the question.")
    private boolean full;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    int run(PrintWriter out) throws Exception {
        QuestionSpec question = QuestionFile.read(analysis);
        Path page = file.toAbsolutePath().normalize();
        Path folder = pictures.orElseGet(() -> page.resolveSibling("pictures"))
                .toAbsolutePath()
                .normalize();
        Preflight.writable("--out", parent(page));
        Preflight.writable("--pictures", folder);
        RecordPlace.Existing record = source.read();
        Replay replay = source.read(record.log(), question);
        Answer answer = replay.answer(source.study(replay), question);
        String name = answer.view().name();
        Section section = section(page, (part == ResultsSection.Part.ARMS ? "arms of " : "results of ") + name);
        ResultsSection.Made made =
                ResultsSection.of(answer, part, relative(page, folder), again(name, page, folder), record.faults());
        for (Map.Entry<String, String> picture : made.pictures().entrySet()) {
            WholeFile.write(folder.resolve(picture.getKey()), picture.getValue());
        }
        WholeFile.write(page, section.before() + "\n" + made.markdown() + section.after());
        json.print(AnswerDocument.of(answer.view(), List.of(page, folder)), text -> {
            Answers.print(Terminal.of(text), answer.view(), full);
            text.printf(
                    "Page: %s, with %s in %s%n",
                    ShownPath.of(page), Numbers.plural(made.pictures().size(), "figure"), ShownPath.of(folder));
        });
        return 0;
    }

    private static final int MAX_PAGE_BYTES = 10_000_000;

    /** The text of a page before and after a study's results. */
    private record Section(String before, String after) {}

    private static Section section(Path page, String what) throws IOException {
        String begin = "<!-- " + what + ": begin -->";
        String end = "<!-- " + what + ": end -->";
        if (!Files.exists(page)) {
            return new Section(begin, end + "\n");
        }
        String text = Utf8Files.read(page, MAX_PAGE_BYTES);
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new Refusal("--out " + page + " holds no place for the " + what + ": put the lines " + begin + " and "
                    + end + " where they are to stand.");
        }
        return new Section(text.substring(0, from + begin.length()), text.substring(to));
    }

    private static Path parent(Path page) {
        return Optional.ofNullable(page.getParent()).orElse(page);
    }

    private static String relative(Path page, Path folder) {
        return parent(page).relativize(folder).toString().replace('\\', '/');
    }

    private String again(String name, Path page, Path folder) {
        return Program.NAME + " run " + name + " --data DIR --exit-when-done\n" + Program.NAME + " results "
                + source.again()
                + " --out " + page.getFileName()
                + (part == ResultsSection.Part.ALL ? "" : " --part " + part)
                + (pictures.isPresent() ? " --pictures " + relative(page, folder) : "")
                + analysis.map(file -> " --analysis " + file.getFileName()).orElse("");
    }
}

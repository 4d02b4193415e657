package basin.aggregator.report;

import basin.aggregator.view.DataOrigin;
import basin.aggregator.view.ResultFiles;
import basin.record.Revision;
import basin.study.Json;
import basin.study.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes an answer as files to a folder. The same answer gives the same bytes. */
public final class AnswerFiles {
    private AnswerFiles() {}

    private record About(
            String study,
            String generation,
            Revision revision,
            String question,
            String questionSha256,
            String measured,
            long seed,
            String command,
            List<String> remarks) {}

    /**
     * Writes {@code report.html}, {@code history.om}, {@code question.yaml} and {@code
     * question.json} and the files of {@link ResultFiles} to an existing folder.
     */
    public static void write(Answer answer, Asked requested, Path folder) throws IOException {
        ResultFiles.write(answer.view(), new DataOrigin(requested.text(), requested.generation()), folder);
        WholeFile.write(folder.resolve("report.html"), HtmlReport.of(answer.view(), requested));
        WholeFile.write(folder.resolve("history.om"), OpenMetricsHistory.of(answer, requested.generation()));
        WholeFile.write(folder.resolve("question.yaml"), requested.text());
        WholeFile.write(
                folder.resolve("question.json"),
                Json.canonical(new About(
                        answer.view().studyId(),
                        requested.generation(),
                        answer.view().revision(),
                        requested.text(),
                        requested.hash(),
                        requested.measured(),
                        answer.view().seed(),
                        requested.command(),
                        requested.remarks())));
    }
}

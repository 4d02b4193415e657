package basin.aggregator.report;

import basin.aggregator.view.ResultFiles;
import basin.record.Revision;
import basin.study.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
     * Writes {@code report.html}, {@code points.arrow}, {@code history.om}, {@code question.yaml}
     * and {@code question.json} and the files of {@link ResultFiles} to an existing folder.
     */
    public static void write(Answer answer, Asked requested, Path folder) throws IOException {
        ResultFiles.write(answer.view(), folder);
        Files.writeString(
                folder.resolve("report.html"), HtmlReport.of(answer.view(), requested), StandardCharsets.UTF_8);
        PointColumns.write(answer.view(), requested, folder.resolve("points.arrow"));
        Files.writeString(
                folder.resolve("history.om"),
                OpenMetricsHistory.of(answer, requested.generation()),
                StandardCharsets.UTF_8);
        Files.writeString(folder.resolve("question.yaml"), requested.text(), StandardCharsets.UTF_8);
        Files.write(
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

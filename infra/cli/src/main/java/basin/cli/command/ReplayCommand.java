package basin.cli.command;

import basin.aggregator.Generations;
import basin.aggregator.Replay;
import basin.aggregator.report.Answer;
import basin.aggregator.report.AnswerFiles;
import basin.aggregator.report.Asked;
import basin.cli.document.AnswerDocument;
import basin.flatness.Remeasurement;
import basin.log.LogSource;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.Program;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import basin.study.StudySpec;
import basin.study.file.QuestionFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Answers another question from the events on record, without training again. */
@Command(
        name = "replay",
        header = "Answers another question from a record.",
        description = "Analyses the recorded events again, with other levels, tasks or runs. Nothing is trained again.",
        footer = {
            "  ${ROOT-COMMAND-NAME} replay --analysis question.yaml --out answer",
            "    Puts the question to the newest record here; the folder answer gets the report."
        })
public final class ReplayCommand extends PrintingCommand {
    private static final String UNNAMED = "replay";

    @Mixin
    private RecordSource source = new RecordSource();

    @Option(
            names = "--analysis",
            paramLabel = "FILE",
            description =
                    "A question file with other runs, tasks, levels or statistics; infra/docs/replaying.md lists its"
                            + " fields. Default: the study's own question.")
    private Optional<Path> analysis = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the report and the numbers. Required without --generation.")
    private Optional<Path> folder = Optional.empty();

    @Option(
            names = "--generation",
            paramLabel = "NAME",
            arity = "0..1",
            fallbackValue = "",
            description =
                    "Also publishes the answer under this name, next to the live one: on the page, in the metrics and"
                            + " on the topic basin.correlation. Replaces an answer of the same name. Without NAME:"
                            + " the name of the question file.")
    private Optional<String> generation = Optional.empty();

    @Option(
            names = "--measure",
            paramLabel = "ESTIMATOR",
            description =
                    "Measures the flatness of the checkpoints again with this estimator, from their weights: paired,"
                            + " or paired,pairs=80,batch=24,seed=7. What you leave out is as in the study.")
    private Optional<String> measure = Optional.empty();

    @Option(names = "--publish", description = "With --measure: also writes the new measurements to the record.")
    private boolean publish;

    @Option(names = "--full", description = "Prints all comparisons, instead of those that answer the question.")
    private boolean full;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    int run(PrintWriter out) throws Exception {
        String text = analysis.map(QuestionFile::text).orElse("");
        QuestionSpec question =
                QuestionFile.parse(text, analysis.map(Path::toString).orElse("the study's own question"));
        Optional<String> name = generation.map(given -> given.isEmpty() ? nameOfQuestion() : given);
        name.ifPresent(Generations::check);
        if (folder.isEmpty() && name.isEmpty()) {
            throw new Refusal("Neither --out nor --generation is given: give a folder for the answer with --out, or"
                    + " publish it with --generation.");
        }
        if (publish && measure.isEmpty()) {
            throw new Refusal("--publish is given without --measure: nothing is measured that could be published.");
        }
        if (folder.isPresent()) {
            Preflight.writable("--out", folder.get());
        }
        RecordPlace.Existing record = source.read();
        LogSource log = record.log();
        Replay replay = source.read(log, question);
        String studyId = source.study(replay);
        Optional<Remeasurement.Result> measured = Optional.empty();
        QuestionSpec put = question;
        if (measure.isPresent()) {
            EstimatorSpec requested = estimator(replay.spec(studyId), question, measure.get());
            measured = Optional.of(measured(log, replay, studyId, question, requested));
            put = question.by(requested);
        }
        Answer answer = replay.answer(studyId, put);
        Asked requested = new Asked(
                text,
                name.orElse(UNNAMED),
                measure.isPresent() ? reported(put.flatness().orElseThrow().getFirst()) : "",
                Program.NAME + " replay " + source.again() + " --study " + studyId
                        + " --analysis question.yaml --out OUT",
                Stream.of(
                                record.faults(),
                                measured.map(Remeasurement.Result::unmeasured).orElse(List.of()))
                        .flatMap(List::stream)
                        .toList());
        if (folder.isPresent()) {
            AnswerFiles.write(answer, requested, folder.get());
        }
        List<Path> written =
                folder.stream().map(path -> path.toAbsolutePath().normalize()).toList();
        json.print(AnswerDocument.of(answer.view(), written), lines -> {
            Answers.print(Terminal.of(lines), answer.view(), full);
            folder.ifPresent(path -> lines.println("Report and numbers: " + ShownPath.of(path)
                    + " (report.html, tables as CSV and Arrow, view.json, history.om)"));
        });
        PrintWriter remarks = remarks(out, json);
        if (name.isPresent() || publish) {
            try (RecordPlace.Open open = source.open()) {
                if (publish) {
                    Remeasurement.publish(open.endpoint(), measured.orElseThrow());
                }
                if (name.isPresent()) {
                    int rows = Generations.publish(open.endpoint(), answer.view(), name.get(), text);
                    remarks.println(
                            "Published: " + rows + " rows as generation " + name.get() + " of " + studyId + ".");
                }
            }
        }
        return 0;
    }

    /** Returns the name of the question file without its extension. */
    private String nameOfQuestion() {
        return analysis.map(path -> String.valueOf(path.getFileName()).replaceFirst("\\.ya?ml$", ""))
                .orElseThrow(() -> new Refusal(
                        "--generation has no name, and there is no question file to name it" + " after: give a name."));
    }

    private static EstimatorSpec estimator(StudySpec study, QuestionSpec question, String measure) {
        List<EstimatorSpec> own = question.flatness().orElse(study.flatness());
        return QuestionFile.estimator(
                measure,
                own.isEmpty()
                        ? new EstimatorSpec(
                                Estimator.PAIRED, Estimator.PAIRED.min().pairs(), 24, 1)
                        : own.getFirst());
    }

    private Remeasurement.Result measured(
            LogSource log, Replay replay, String studyId, QuestionSpec question, EstimatorSpec requested) {
        List<Remeasurement.Target> targets = replay.checkpoints(studyId, question).stream()
                .map(one -> new Remeasurement.Target(one.runId(), one.step()))
                .toList();
        ProgressPrinter progress = new ProgressPrinter(notes());
        Remeasurement.Result result = Remeasurement.of(
                log,
                targets,
                requested,
                replay.spec(studyId).platform(),
                (done, all) -> progress.counted("checkpoints measured", done, all));
        result.unmeasured().forEach(warnings()::println);
        replay.add(result.measured());
        return result;
    }

    private static String reported(EstimatorSpec estimator) {
        return estimator.title() + ", " + estimator.pairs() + " pairs of " + estimator.batch() + " sentences, seed "
                + estimator.seed();
    }
}

package basin.cli.command;

import basin.aggregator.StudiesOnRecord;
import basin.cli.pipeline.Submission;
import basin.cli.transfer.KnownStudies;
import basin.language.study.Studies;
import basin.log.KafkaEndpoint;
import basin.study.Program;
import basin.study.StudySpec;
import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Submits a study to a running pipeline and returns when it is recorded. */
@Command(
        name = "submit",
        header = "Adds a study to a running pipeline.",
        description = "Returns when the study is recorded; the workers of the pipeline then work on it.",
        footer = {
            "  ${ROOT-COMMAND-NAME} submit small --bootstrap 127.0.0.1:9092",
            "    Adds the study small to the pipeline at this address."
        })
public final class SubmitCommand extends PrintingCommand {
    private static final Set<String> AT_REST = Set.of("paused", "cancelled");

    @Mixin
    private RecordPlace place = new RecordPlace();

    @Parameters(
            arity = "0..1",
            paramLabel = "STUDY|FILE",
            defaultValue = "quick",
            description = "A study that comes with Basin (${ROOT-COMMAND-NAME} studies lists them), or a study file;"
                    + " default: ${DEFAULT-VALUE}.",
            completionCandidates = StudyNames.class)
    private String study;

    @Override
    int run(PrintWriter out) throws Exception {
        try (RecordPlace.Open record = place.open()) {
            KafkaEndpoint endpoint = record.endpoint();
            StudySpec spec =
                    Studies.settled(Readiness.of(study, false, () -> endpoint).study());
            String studyId = Submission.submit(endpoint, spec);
            TextWords.of(spec).forEach(out::println);
            String state =
                    KnownStudies.find(StudiesOnRecord.read(endpoint), studyId).state();
            String at = studyId + " " + record.option();
            out.println(
                    AT_REST.contains(state)
                            ? studyId + " is recorded, but " + state + ". Resume it: " + Program.NAME + " resume " + at
                            : studyId + " is recorded. See how far it is: " + Program.NAME + " status " + at);
            if (record.own().isPresent()) {
                notes().println("Nothing works on this record now: " + Program.NAME + " run " + study + " "
                        + record.option() + " does.");
            }
            return 0;
        }
    }
}

package basin.cli.command;

import basin.aggregator.StudiesOnRecord;
import basin.cli.pipeline.StartPoints;
import basin.cli.pipeline.Submission;
import basin.cli.transfer.KnownStudies;
import basin.language.study.Studies;
import basin.log.KafkaEndpoint;
import basin.study.StudySpec;
import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Submits a study to a running pipeline and returns when it is recorded. */
@Command(
        name = "submit",
        description = "Puts a study into a running pipeline and returns when it is recorded.",
        sortOptions = false)
public final class SubmitCommand extends PrintingCommand {
    private static final Set<String> AT_REST = Set.of("paused", "cancelled");

    @Mixin
    private Connection connection = new Connection();

    @Parameters(
            arity = "0..1",
            paramLabel = "STUDY|FILE",
            defaultValue = "quick",
            description = "A study that comes with Basin (infra/basin studies lists them) or a study file; default:"
                    + " ${DEFAULT-VALUE}.")
    private String study;

    @Override
    int run(PrintWriter out) throws Exception {
        StudySpec spec = Studies.settled(StudyCatalogue.find(study));
        Studies.check(spec);
        KafkaEndpoint endpoint = connection.ready();
        String studyId = Submission.submit(endpoint, StartPoints.settled(endpoint, spec));
        TextWords.of(spec).forEach(out::println);
        String state =
                KnownStudies.find(StudiesOnRecord.read(endpoint), studyId).state();
        String at = studyId + " --bootstrap " + endpoint.bootstrapServers();
        out.println(
                AT_REST.contains(state)
                        ? studyId + " is recorded, but " + state + ". Let it go on: infra/basin resume " + at
                        : studyId + " is recorded. See how it goes: infra/basin status " + at);
        return 0;
    }
}

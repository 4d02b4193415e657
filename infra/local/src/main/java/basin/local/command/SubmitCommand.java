package basin.local.command;

import basin.aggregator.StudiesOnRecord;
import basin.events.spec.StudySpec;
import basin.lm.Studies;
import basin.local.pipeline.StartPoints;
import basin.local.pipeline.Submission;
import basin.service.kafka.KafkaEndpoint;
import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts a study into a running pipeline and returns when it is recorded. */
@Command(
        name = "submit",
        description = "Puts a study into a running pipeline and returns when it is recorded.",
        sortOptions = false)
public final class SubmitCommand implements Callable<Integer> {
    private static final Set<String> AT_REST = Set.of("paused", "cancelled");

    @Spec
    private CommandSpec command;

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
    public Integer call() throws Exception {
        StudySpec spec = Studies.settled(StudyCatalogue.beside().find(study));
        Studies.check(spec);
        KafkaEndpoint endpoint = connection.ready();
        String studyId = Submission.submit(endpoint, StartPoints.settled(endpoint, spec));
        PrintWriter out = command.commandLine().getOut();
        TextWords.of(spec).forEach(out::println);
        String state =
                KnownStudies.find(StudiesOnRecord.read(endpoint), studyId).state();
        String at = studyId + " --bootstrap " + endpoint.bootstrapServers();
        out.println(
                AT_REST.contains(state)
                        ? studyId + " is recorded, but " + state + ". Let it go on: infra/basin resume " + at
                        : studyId + " is recorded. See how it goes: infra/basin status " + at);
        out.flush();
        return 0;
    }
}

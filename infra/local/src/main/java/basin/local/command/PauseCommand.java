package basin.local.command;

import basin.aggregator.StudiesOnRecord;
import basin.events.Event;
import basin.local.pipeline.StudyControl;
import basin.service.kafka.KafkaEndpoint;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets a study rest: work in hand is finished, the rest waits until it is resumed. */
@Command(
        name = "pause",
        description = "Lets a study rest: work in hand is finished, the rest waits until it is resumed.",
        sortOptions = false)
public final class PauseCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private Connection connection = new Connection();

    @Parameters(paramLabel = "STUDY", description = "Id or name of the study.")
    private String study;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        KafkaEndpoint endpoint = connection.ready();
        String studyId =
                KnownStudies.find(StudiesOnRecord.read(endpoint), study).studyId();
        boolean changed = StudyControl.ask(endpoint, studyId, Event.StudyControlled.Action.PAUSE);
        out.println(studyId + (changed ? " is paused." : " is paused already."));
        out.flush();
        return 0;
    }
}

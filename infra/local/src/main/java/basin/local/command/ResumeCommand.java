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

/** Takes up a study that was paused or cancelled. */
@Command(name = "resume", description = "Takes up a study that was paused or cancelled.", sortOptions = false)
public final class ResumeCommand implements Callable<Integer> {
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
        boolean changed = StudyControl.ask(endpoint, studyId, Event.StudyControlled.Action.RESUME);
        out.println(studyId + (changed ? " goes on." : " goes on already."));
        out.flush();
        return 0;
    }
}

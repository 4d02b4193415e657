package basin.cli.command;

import basin.aggregator.StudiesOnRecord;
import basin.cli.pipeline.Submission;
import basin.cli.transfer.KnownStudies;
import basin.log.KafkaEndpoint;
import basin.record.Event.StudyControlled.Action;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Pauses, resumes or cancels a study. */
public abstract sealed class ControlCommand extends PrintingCommand {
    private final Action action;
    private final String state;

    @Mixin
    private Connection connection = new Connection();

    @Parameters(paramLabel = "STUDY", description = "Id or name of the study.")
    private String study;

    private ControlCommand(Action action, String state) {
        this.action = action;
        this.state = state;
    }

    @Override
    int run(PrintWriter out) throws Exception {
        KafkaEndpoint endpoint = connection.ready();
        String studyId =
                KnownStudies.find(StudiesOnRecord.read(endpoint), study).studyId();
        boolean changed = Submission.control(endpoint, studyId, action);
        out.println(studyId + " " + state + (changed ? "." : " already."));
        return 0;
    }

    /** Pauses a study. */
    @Command(
            name = "pause",
            description = "Lets a study rest: work in hand is finished, the rest waits until it is resumed.",
            sortOptions = false)
    public static final class Pause extends ControlCommand {
        Pause() {
            super(Action.PAUSE, "is paused");
        }
    }

    /** Resumes a study. */
    @Command(name = "resume", description = "Takes up a study that was paused or cancelled.", sortOptions = false)
    public static final class Resume extends ControlCommand {
        Resume() {
            super(Action.RESUME, "goes on");
        }
    }

    /** Cancels a study. */
    @Command(
            name = "cancel",
            description = "Ends a study: work in hand is finished, the rest is dropped.",
            sortOptions = false)
    public static final class Cancel extends ControlCommand {
        Cancel() {
            super(Action.CANCEL, "is cancelled");
        }
    }
}

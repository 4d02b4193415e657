package basin.cli.command;

import basin.aggregator.StudiesOnRecord;
import basin.cli.pipeline.Submission;
import basin.cli.transfer.KnownStudies;
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
    private RecordPlace place = new RecordPlace();

    @Parameters(paramLabel = "STUDY", description = "Id or name of the study.")
    private String study;

    private ControlCommand(Action action, String state) {
        this.action = action;
        this.state = state;
    }

    @Override
    int run(PrintWriter out) throws Exception {
        try (RecordPlace.Open record = place.open()) {
            String studyId = KnownStudies.find(StudiesOnRecord.read(record.endpoint()), study)
                    .studyId();
            boolean changed = Submission.control(record.endpoint(), studyId, action);
            out.println(studyId + " " + state + (changed ? "." : " already."));
            return 0;
        }
    }

    /** Pauses a study. */
    @Command(
            name = "pause",
            header = "Pauses a study.",
            description = "Work in progress is finished; the rest waits until you resume the study.",
            footer = {"  ${ROOT-COMMAND-NAME} pause quick", "    Pauses the study quick."})
    public static final class Pause extends ControlCommand {
        Pause() {
            super(Action.PAUSE, "is paused");
        }
    }

    /** Resumes a study. */
    @Command(
            name = "resume",
            header = "Resumes a study that was paused or cancelled.",
            footer = {"  ${ROOT-COMMAND-NAME} resume quick", "    Continues the study quick where it stopped."})
    public static final class Resume extends ControlCommand {
        Resume() {
            super(Action.RESUME, "goes on");
        }
    }

    /** Cancels a study. */
    @Command(
            name = "cancel",
            header = "Cancels a study.",
            description = "Work in progress is finished; the rest is dropped. You can resume the study later.",
            footer = {"  ${ROOT-COMMAND-NAME} cancel quick", "    Ends the study quick early."})
    public static final class Cancel extends ControlCommand {
        Cancel() {
            super(Action.CANCEL, "is cancelled");
        }
    }
}

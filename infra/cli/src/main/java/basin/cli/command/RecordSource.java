package basin.cli.command;

import basin.aggregator.Replay;
import basin.aggregator.StudiesOnRecord.Study;
import basin.cli.transfer.KnownStudies;
import basin.log.LogSource;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Options that select one study of a record. */
class RecordSource extends RecordPlace {
    @Option(
            names = "--study",
            paramLabel = "STUDY",
            description = "Id or name of the study; needed only if the record holds several.")
    private Optional<String> study = Optional.empty();

    /** Reads the record up to the question's time, and shows the progress. */
    Replay read(LogSource log, QuestionSpec question) {
        ProgressPrinter progress = new ProgressPrinter(notes());
        return Replay.read(log, question.time(), (read, all) -> progress.counted("records read", read, all));
    }

    /** Returns the id of the selected study. */
    String study(Replay replay) {
        List<Study> known = replay.studies();
        if (study.isPresent()) {
            return KnownStudies.find(known, study.get()).studyId();
        }
        if (known.size() == 1) {
            return known.getFirst().studyId();
        }
        throw new Refusal(
                known.isEmpty()
                        ? "No study is recorded: name the folder of a study that has run with --data."
                        : "The record holds " + known.size() + " studies: name one with --study, of "
                                + known.stream().map(Study::studyId).collect(Collectors.joining(", ")) + ".");
    }
}

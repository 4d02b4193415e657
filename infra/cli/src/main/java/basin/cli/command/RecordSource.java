package basin.cli.command;

import basin.aggregator.Replay;
import basin.aggregator.StudiesOnRecord.Study;
import basin.cli.transfer.KnownStudies;
import basin.log.LogSource;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Options that select one study of a record. */
class RecordSource extends RecordPlace {
    @Option(
            names = "--study",
            paramLabel = "ID|NAME",
            description = "Which study; may be left out where the record holds one.")
    private Optional<String> study = Optional.empty();

    /** Reads the record up to the question's time and shows the progress on the terminal. */
    Replay read(LogSource log, QuestionSpec question, PrintWriter out) {
        ProgressPrinter progress = new ProgressPrinter(out);
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
                        ? "No study is on record: name the folder or the Kafka of one that has run."
                        : "The record holds " + known.size() + " studies: name one with --study, of "
                                + known.stream().map(Study::studyId).collect(Collectors.joining(", ")) + ".");
    }
}

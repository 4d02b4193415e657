package basin.cli.command;

import basin.aggregator.StudiesOnRecord;
import basin.aggregator.present.Numbers;
import basin.aggregator.view.Progress;
import basin.aggregator.view.ResultFiles;
import basin.aggregator.view.StudyView;
import basin.cli.broker.EmbeddedBroker;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.cli.plan.CostEstimate;
import basin.language.study.Studies;
import basin.study.Ids;
import basin.study.Program;
import basin.study.Refusal;
import basin.study.Shutdown;
import basin.study.StudySpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a study from training to the result table in this process, and shows it live. */
@Command(
        name = "run",
        header = "Runs a study, from training to the answer.",
        description =
                "Trains the study's models, measures their flatness and how well they transfer, and prints the answer."
                    + " Shows progress here and on a page in the browser. Run the same study again on the same folder"
                    + " to resume it.",
        footer = {
            "  ${ROOT-COMMAND-NAME} run quick --exit-when-done",
            "    Runs a small study in some minutes and prints what it found."
        })
public final class RunCommand extends PrintingCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "STUDY|FILE",
            defaultValue = "quick",
            description = "A study that comes with Basin (${ROOT-COMMAND-NAME} studies lists them), or a study file;"
                    + " default: ${DEFAULT-VALUE}.",
            completionCandidates = StudyNames.class)
    private String study;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder of the record; default: .basin/STUDY in the current folder. If it holds the study already,"
                            + " the study is resumed.")
    private Optional<Path> data;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8642",
            description = "Port of the page on 127.0.0.1, 0 for any free one; default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Also writes all tables to this folder, as CSV and Arrow, and view.json.")
    private Optional<Path> out;

    @Option(
            names = "--slots",
            paramLabel = "N",
            description = "Work items at the same time; default: one per processor.")
    private Optional<Integer> slots;

    @Option(names = "--exit-when-done", description = "Ends when the study is done, instead of keeping the page up.")
    private boolean exitWhenDone;

    @Option(names = "--full", description = "Prints all comparisons in the end, instead of those that answer.")
    private boolean full;

    @Override
    int run(PrintWriter lines) throws Exception {
        onInterrupt("Interrupted while starting; the same command starts again.");
        Terminal terminal = Terminal.of(lines);
        Terminal remarks = remarks(terminal);
        Readiness ready = Readiness.of(study, false, () -> Readiness.record(data));
        StudySpec spec = Studies.here(ready.study());
        Path folder = Readiness.folder(data, spec);
        int atOnce = slots.orElse(Runtime.getRuntime().availableProcessors());
        if (atOnce < 1) {
            throw new Refusal("--slots is " + atOnce + ": give at least 1.");
        }
        CostEstimate cost = ready.cost();
        Preflight.free(port);
        ready.refuse(folder);
        Preflight.writable("--data", folder);
        out.ifPresent(results -> Preflight.writable("--out", results));
        RecordPlace.tellFaults(folder, warnings());
        Optional<StudiesOnRecord.Study> known = onRecord(folder, spec, terminal);
        announce(remarks, spec, cost, known);
        if (known.filter(RunCommand::hasEnded).isEmpty()) {
            double left = known.map(one -> 1 - (double) one.ended() / Math.max(1, one.runs()))
                    .orElse(1.0);
            Duration expected =
                    Duration.ofMillis(Math.round(left * cost.on(atOnce).toMillis()));
            remarks.line("Expected: about " + Numbers.time(expected) + (left < 1 ? " more" : "") + " on " + atOnce
                    + " at once; at most " + Numbers.bytes(cost.bytes()) + " in " + ShownPath.of(folder) + ".");
        }
        return run(spec, folder, atOnce, known, terminal, remarks);
    }

    /**
     * Returns what is on record of a study in a folder, and warns if it holds other studies only,
     * unless the study starts from their checkpoints.
     */
    static Optional<StudiesOnRecord.Study> onRecord(Path folder, StudySpec spec, Terminal terminal) {
        if (!EmbeddedBroker.isThere(folder)) {
            return Optional.empty();
        }
        List<StudiesOnRecord.Study> all = StudiesOnRecord.read(EmbeddedBroker.log(folder));
        Optional<StudiesOnRecord.Study> own = all.stream()
                .filter(one -> spec.namesWeights()
                        ? one.studyId().equals(Ids.study(spec))
                        : one.name().equals(spec.name()))
                .findFirst();
        if (own.isEmpty() && !all.isEmpty() && spec.startFrom().isEmpty()) {
            terminal.line("Warning: " + ShownPath.of(folder) + " already holds "
                    + all.stream().map(StudiesOnRecord.Study::studyId).collect(Collectors.joining(", "))
                    + "; give another folder with --data to keep the studies apart.");
        }
        return own;
    }

    private static boolean hasEnded(StudiesOnRecord.Study study) {
        return StudyView.hasEnded(study.state());
    }

    private static void announce(
            Terminal terminal, StudySpec spec, CostEstimate cost, Optional<StudiesOnRecord.Study> known) {
        String name = "Study " + spec.name();
        if (known.filter(RunCommand::hasEnded).isPresent()) {
            StudiesOnRecord.Study study = known.get();
            terminal.line(name + " is already " + study.state() + " (" + study.ended() + " of "
                    + Numbers.plural(study.runs(), "run") + " ended); showing its results.");
            return;
        }
        terminal.line(String.format(
                Locale.ROOT,
                "%s: %s, %,d steps each; %s words; at most %s.",
                name,
                GridWords.of(spec),
                spec.training().steps(),
                Numbers.about(cost.tokens()),
                Numbers.plural(cost.checkpoints(), "checkpoint")));
        TextWords.of(spec).forEach(terminal::line);
        known.ifPresent(study -> terminal.line("Continuing: " + study.ended() + " of "
                + Numbers.plural(study.runs(), "run") + " have ended, " + study.done() + " of "
                + Numbers.plural(study.measurements(), "measurement") + " are done."));
    }

    private int run(
            StudySpec spec,
            Path folder,
            int atOnce,
            Optional<StudiesOnRecord.Study> known,
            Terminal terminal,
            Terminal remarks)
            throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        LocalPipeline pipeline = LocalPipeline.start(folder, port, atOnce);
        Runnable stop = () -> {
            stopped.countDown();
            awaitQuietly(closed);
        };
        try (Shutdown.Step _ = Shutdown.step(stop);
                pipeline) {
            onInterrupt(""); // From here on the end of the study, or of the wait for it, says so.
            remarks.line("Page: " + pipeline.aggregator().address());
            String studyId = Submission.submit(pipeline.endpoint(), spec);
            boolean ended = known.filter(RunCommand::hasEnded).isPresent();
            if (ended) {
                // Before, a part of the record would show as progress of a study that has ended.
                pipeline.aggregator().awaitCaughtUp();
            }
            Optional<StudyView> end = follow(pipeline, studyId, ended, remarks, stopped);
            if (end.isEmpty()) {
                terminal.line("Interrupted; the same command on the same folder resumes here.");
                return INTERRUPTED;
            }
            StudyView view = end.get();
            Answers.print(terminal, view, full);
            writeResults(view, remarks);
            if (view.state().equals("incomplete")) {
                terminal.line("What was given up, and why: " + Program.NAME + " dead-letters list --data "
                        + ShownPath.of(folder));
            }
            remarks.line("All tables and figures: " + Program.NAME + " replay --data " + ShownPath.of(folder)
                    + " --out answer");
            if (!exitWhenDone) {
                remarks.line("The page stays up at " + pipeline.aggregator().address() + "; Ctrl-C ends it.");
                stopped.await();
            }
            return view.state().equals("done") ? 0 : INCOMPLETE;
        } finally {
            closed.countDown();
        }
    }

    /**
     * Shows the study's progress until it has ended and its final view is complete.
     *
     * @param ended whether it had ended before, so that there is no progress
     * @return the final view; empty if the user interrupted the command before
     */
    private Optional<StudyView> follow(
            LocalPipeline pipeline, String studyId, boolean ended, Terminal terminal, CountDownLatch stopped)
            throws InterruptedException {
        while (true) {
            Optional<StudyView> view = pipeline.aggregator().view(studyId);
            Optional<Progress> progress = pipeline.aggregator().progress(studyId);
            if (view.isPresent() && progress.isPresent() && !ended) {
                terminal.show(
                        view.get(),
                        progress.get(),
                        pipeline.aggregator().address().toString());
            }
            Optional<StudyView> end = pipeline.aggregator().wholeView(studyId).filter(StudyView::ended);
            if (end.isPresent()) {
                terminal.endProgress();
                return end;
            }
            if (stopped.await(1, TimeUnit.SECONDS)) {
                terminal.endProgress();
                return Optional.empty();
            }
        }
    }

    private void writeResults(StudyView view, Terminal terminal) throws IOException {
        if (out.isPresent()) {
            ResultFiles.write(view, out.get());
            terminal.line("Results: " + ShownPath.of(out.get()) + " (tables as CSV and Arrow, view.json)");
        }
    }

    private static void awaitQuietly(CountDownLatch closed) {
        try {
            if (!closed.await(25, TimeUnit.SECONDS)) {
                System.err.println("basin: the pipeline did not close in time; the next run recovers.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package basin.cli.command;

import basin.aggregator.present.Numbers;
import basin.aggregator.view.Progress;
import basin.aggregator.view.ResultFiles;
import basin.aggregator.view.ResultTable;
import basin.aggregator.view.StudyView;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.StartPoints;
import basin.cli.pipeline.Submission;
import basin.cli.plan.CostEstimate;
import basin.cli.plan.LanguageSpeed;
import basin.language.study.Studies;
import basin.study.Ids;
import basin.study.Refusal;
import basin.study.Shutdown;
import basin.study.StudySpec;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
            description = "Also writes the result table and all points to this folder, as JSON and CSV.")
    private Optional<Path> out;

    @Option(
            names = "--slots",
            paramLabel = "N",
            description = "Work items at the same time; default: one per processor.")
    private Optional<Integer> slots;

    @Option(names = "--exit-when-done", description = "Ends when the study is done, instead of keeping the page up.")
    private boolean exitWhenDone;

    @Override
    int run(PrintWriter terminal) throws Exception {
        onInterrupt("Interrupted while starting; the same command starts again.");
        StudySpec spec = Studies.here(StudyCatalogue.find(study));
        Studies.check(spec);
        if (!spec.namesWeights() && data.isEmpty()) {
            throw new Refusal("start_from names a run on record, and --data is not given: give the folder of"
                    + " that run's record.");
        }
        Path folder =
                data.orElse(Path.of(".basin", Ids.study(spec))).toAbsolutePath().normalize();
        int atOnce = slots.orElse(Runtime.getRuntime().availableProcessors());
        if (atOnce < 1) {
            throw new Refusal("--slots is " + atOnce + ": give at least 1.");
        }
        CostEstimate cost = CostEstimate.of(
                spec,
                LanguageSpeed.conditionalSeconds(
                                spec.language(), spec.training().predicted())
                        .orElse(0),
                LanguageSpeed.sentenceSeconds(spec.language()));
        Preflight.free(port);
        Preflight.writable("--data", folder);
        out.ifPresent(results -> Preflight.writable("--out", results));
        Preflight.space(folder, cost.bytes());
        announce(terminal, spec, cost, folder, atOnce);
        RecordPlace.tellFaults(folder, warnings());
        return run(spec, folder, atOnce, new Terminal(terminal, isTerminal()));
    }

    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    private static void announce(PrintWriter terminal, StudySpec spec, CostEstimate cost, Path folder, int atOnce) {
        terminal.printf(
                "Study %s: %d runs (%d sizes × %d rates × %d seeds%s), %,d steps each; %s words; at most %d"
                        + " checkpoints.%n",
                spec.name(),
                cost.runs(),
                spec.sizes().size(),
                spec.learningRates().size(),
                spec.seeds().size(),
                spec.startFrom()
                        .map(starts -> " × " + starts.size() + " checkpoints")
                        .orElse(""),
                spec.training().steps(),
                Numbers.about(cost.tokens()),
                cost.checkpoints());
        TextWords.of(spec).forEach(terminal::println);
        terminal.printf(
                "Expected: about %s on %d at once; at most %s in %s.%n",
                Numbers.time(cost.on(atOnce)), atOnce, Numbers.bytes(cost.bytes()), folder);
    }

    private int run(StudySpec spec, Path folder, int atOnce, Terminal terminal) throws Exception {
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
            StudySpec settled = StartPoints.settled(pipeline.endpoint(), spec);
            terminal.line("Page: " + pipeline.aggregator().address());
            String studyId = Submission.submit(pipeline.endpoint(), settled);
            Optional<StudyView> end = follow(pipeline, studyId, terminal, stopped);
            if (end.isEmpty()) {
                terminal.line("Interrupted; the same command on the same folder goes on from here.");
                return INTERRUPTED;
            }
            StudyView view = end.get();
            terminal.text(ResultTable.of(view));
            writeResults(view, terminal);
            if (view.state().equals("incomplete")) {
                terminal.line("What was given up, and why: infra/basin dead-letters list --data " + folder);
            }
            terminal.line("The record is in " + folder
                    + (exitWhenDone ? "; the same command without --exit-when-done shows the page again." : "."));
            if (!exitWhenDone) {
                terminal.line("The page stays up at " + pipeline.aggregator().address() + "; Ctrl-C ends.");
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
     * @return the final view; empty if the user interrupted the command before
     */
    private Optional<StudyView> follow(
            LocalPipeline pipeline, String studyId, Terminal terminal, CountDownLatch stopped)
            throws InterruptedException {
        while (true) {
            Optional<StudyView> view = pipeline.aggregator().view(studyId);
            Optional<Progress> progress = pipeline.aggregator().progress(studyId);
            if (view.isPresent() && progress.isPresent()) {
                terminal.show(view.get(), progress.get());
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
            terminal.line("Results: " + out.get().toAbsolutePath().normalize()
                    + " (table.csv, points.csv and the same as JSON)");
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

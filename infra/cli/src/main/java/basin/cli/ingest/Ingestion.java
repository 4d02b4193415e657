package basin.cli.ingest;

import basin.flatness.FolderProbe;
import basin.flatness.measurement.ProgressListener;
import basin.log.KafkaEndpoint;
import basin.log.LogRecord;
import basin.log.LogTail;
import basin.network.engine.Devices;
import basin.record.Event;
import basin.record.Measured;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.record.Weights;
import basin.record.work.WorkItem;
import basin.service.RecordView.StoredCheckpoint;
import basin.service.WorkerContext;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.Ids;
import basin.study.ProtocolSpec;
import basin.study.Refusal;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.TaskSpec;
import basin.study.Trigger;
import basin.study.file.DataFiles;
import basin.study.file.IngestFile;
import basin.study.file.UnfinishedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts another program's checkpoints on record, folder by folder: the loss on a text, flatness, and
 * the other program's scores. The record tells what is done, so an ingestion may be stopped at any
 * time and started again. Confined to one platform thread.
 */
public final class Ingestion implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ingestion.class);
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int LINES_AT_ONCE = 16;

    private final Path folder;
    private final IngestFile.Manifest manifest;
    private final Path text;
    private final List<Path> scores;
    private final StudySpec study;
    private final WorkerContext context;
    private final LogTail tail;
    private final Listener listener;
    private final boolean patient;
    private final Map<String, Event.DownstreamMeasured> scored = new ConcurrentHashMap<>();
    private final Map<Path, List<CheckpointFolder.Stamp>> seen = new HashMap<>();
    private final Set<String> said = new HashSet<>();
    private final Map<String, Long> parameters = new HashMap<>();

    /**
     * The result of one look at the folders and scores.
     *
     * @param taken checkpoints that are completely on record
     * @param waiting folders that are not complete yet
     * @param refused folders and scores that were refused
     * @param absent runs of the manifest without any checkpoint
     * @param unplaced scores whose checkpoint is not on record yet
     */
    public record Look(int taken, int waiting, int refused, int absent, int unplaced) {}

    /** A listener that receives what an ingestion has to say. */
    public interface Listener {
        /** Receives a message of one sentence. */
        void says(String sentence);

        /**
         * Receives the progress of a look at the folders that has something to measure.
         *
         * @param done number of checkpoints that were dealt with
         * @param all number of checkpoints in the folders
         * @param share share of the measuring that is done, from 0 to 1
         */
        void progress(int done, int all, double share);
    }

    /** The progress of one look. */
    private final class Course {
        private final int all;
        private final int open;
        private int dealtWith;
        private int closed;
        private boolean measuring;

        /**
         * Begins a look.
         *
         * @param all number of checkpoints in the folders
         * @param open number of those that are not completely on record
         */
        Course(int all, int open) {
            this.all = all;
            this.open = open;
        }

        /** Reports that a share of the present checkpoint is measured. */
        void report(double ofThisOne) {
            measuring = true;
            listener.progress(dealtWith, all, Math.min(1, (closed + ofThisOne) / open));
        }

        /** Ends the present checkpoint. A look that measures nothing has no progress. */
        void end(boolean wasOpen) {
            dealtWith++;
            closed += wasOpen ? 1 : 0;
            if (measuring) {
                report(0);
            }
        }
    }

    /** A checkpoint of a run. */
    private record Found(StudyPlan.PlannedRun run, CheckpointFolder folder, boolean open) {}

    /**
     * Puts the study on record and prepares to read checkpoints.
     *
     * @param folder contains the text and one folder per run
     * @param scores files or folders of scores, which may appear later
     * @param patient whether a folder must look the same twice before it is read
     * @param listener receives messages and progress, on the calling thread
     * @throws IOException if the text cannot be read
     */
    public Ingestion(
            KafkaEndpoint endpoint,
            Path folder,
            IngestFile.Manifest manifest,
            List<Path> scores,
            boolean patient,
            Listener listener)
            throws IOException, InterruptedException, TimeoutException {
        this.folder = folder;
        this.manifest = manifest;
        this.scores = List.copyOf(scores);
        this.listener = listener;
        this.patient = patient;
        this.text = folder.resolve(manifest.text());
        this.study = manifest.study(
                DataFiles.remember(text), Devices.settle(manifest.platform().device()));
        this.context = WorkerContext.open(endpoint, "ingest");
        this.tail = LogTail.start(endpoint, "ingest-scores", List.of(Topic.DOWNSTREAM.topicName()), this::take);
        try {
            refresh();
            once(new Event.StudySubmitted(study), Map.of(RecordHeaders.STUDY, studyId()));
        } catch (RuntimeException | InterruptedException | TimeoutException notBegun) {
            close();
            throw notBegun;
        }
    }

    /** Returns the study's id. */
    public String studyId() {
        return Ids.study(study);
    }

    private void refresh() throws InterruptedException, TimeoutException {
        context.view().refresh();
        tail.awaitCaughtUp(LIMIT);
    }

    private void take(LogRecord record) {
        if (record.event().orElse(null) instanceof Event.DownstreamMeasured measured) {
            scored.putIfAbsent(measured.id(), measured);
        }
    }

    private void once(Event event, Map<String, String> headers) {
        if (!context.view().holds(List.of(event.id()))) {
            context.events().writeAcked(event, headers);
        }
    }

    /** Puts all complete checkpoints and scores on record that are not there yet. */
    public Look look() throws IOException, InterruptedException, TimeoutException {
        refresh();
        int taken = 0;
        int waiting = 0;
        int refused = 0;
        int absent = 0;
        tellOthers();
        scores.stream()
                .filter(place -> !Files.exists(place))
                .forEach(place -> say("--scores " + place + " is not there yet: it is read when it is."));
        List<Found> found = new ArrayList<>();
        for (StudyPlan.PlannedRun run : StudyPlan.runs(study)) {
            List<CheckpointFolder> all = checkpoints(run.label());
            if (all.isEmpty()) {
                absent++;
                say("Run " + run.label() + " has no checkpoint: there is no folder "
                        + folder.resolve(run.label()).resolve("step-N")
                        + "; make it, or take the run out of the manifest.");
            }
            all.forEach(one -> found.add(new Found(run, one, isOpen(run, one))));
        }
        Course course = new Course(
                found.size(), (int) found.stream().filter(Found::open).count());
        for (Found next : found) {
            CheckpointFolder one = next.folder();
            try {
                if (take(next.run(), one, found, course)) {
                    taken++;
                } else {
                    waiting++;
                }
            } catch (UnfinishedFile | NoSuchFileException half) {
                waiting++;
                say(one.title() + " is waited for: " + sentence(half));
            } catch (Refusal bad) {
                refused++;
                say(one.title() + " is refused: " + sentence(bad));
            } catch (IOException | UncheckedIOException unreadable) {
                refused++;
                say(one.title() + " cannot be read (" + unreadable.getMessage() + "): check that you may read it.");
            } catch (KafkaException broker) {
                throw broker;
            } catch (RuntimeException bug) {
                // One folder does not end the watch.
                refused++;
                LOG.error("{} could not be taken, which is a bug of Basin; the others are read.", one.title(), bug);
                say(one.title() + " is left out because of a bug of Basin ("
                        + bug.getClass().getSimpleName() + "): report it with its stack trace.");
            }
            course.end(next.open());
        }
        ScoreFiles.Read read = ScoreFiles.read(scores, manifest);
        read.refused().forEach(this::say);
        refused += read.refused().size();
        refresh();
        int unplaced = 0;
        for (Score score : read.scores()) {
            if (context.view().checkpoint(runOf(score).runId(), score.step()).isEmpty()) {
                unplaced++;
            } else {
                refused += score(score) ? 0 : 1;
            }
        }
        return new Look(taken, waiting, refused, absent, unplaced);
    }

    /** Returns whether something of a checkpoint is not on record yet. */
    private boolean isOpen(StudyPlan.PlannedRun run, CheckpointFolder one) {
        return context.view().checkpoint(run.runId(), one.step()).isEmpty()
                || !unmeasured(run, one).isEmpty();
    }

    private List<EstimatorSpec> unmeasured(StudyPlan.PlannedRun run, CheckpointFolder one) {
        return study.flatness().stream()
                .filter(requested -> !context.view()
                        .holds(new WorkItem.Probe(studyId(), run.runId(), one.step(), requested, study.platform())
                                .resultIds()))
                .toList();
    }

    private static String sentence(Exception refused) {
        String reason = String.valueOf(refused.getMessage());
        return reason + (reason.endsWith(".") ? "" : ".");
    }

    private StudyPlan.PlannedRun runOf(Score score) {
        return StudyPlan.runs(study).stream()
                .filter(one -> one.label().equals(score.run()))
                .findFirst()
                .orElseThrow();
    }

    /** Reports folders that contain checkpoints but have no name that the manifest expects. */
    private void tellOthers() {
        Set<String> runs =
                StudyPlan.runs(study).stream().map(StudyPlan.PlannedRun::label).collect(Collectors.toSet());
        for (Path own : folders(folder)) {
            List<Path> inside = folders(own);
            if (!runs.contains(String.valueOf(own.getFileName()))) {
                if (CheckpointFolder.isModel(own) || inside.stream().anyMatch(CheckpointFolder::isModel)) {
                    say(own.getFileName() + " is left out: no run of the manifest has that name; there are "
                            + String.join(", ", runs.stream().sorted().toList()) + ".");
                }
            } else {
                if (CheckpointFolder.holdsModel(own)) {
                    say("The model in " + own.getFileName() + " itself is left out, because no name tells its step: put"
                            + " it into a folder step-N.");
                }
                inside.stream()
                        .filter(one -> CheckpointFolder.isModel(one) && !CheckpointFolder.isNamed(one))
                        .forEach(one -> say(folder.relativize(one)
                                + " is left out: call a checkpoint's folder step-N or checkpoint-N, of at most nine"
                                + " digits."));
            }
        }
    }

    private static List<Path> folders(Path folder) {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isDirectory).sorted().toList();
        } catch (IOException | UncheckedIOException unreadable) {
            // A folder of a run is reported when it is measured; nothing is known of others.
            return List.of();
        }
    }

    /** Returns the checkpoints of a run; reports a folder that cannot be listed. */
    private List<CheckpointFolder> checkpoints(String run) {
        try {
            return CheckpointFolder.of(folder, run);
        } catch (IOException | UncheckedIOException unreadable) {
            say("The folder of run " + run + " cannot be read (" + unreadable.getMessage()
                    + "): check that you may read it.");
            return List.of();
        }
    }

    /**
     * Puts a checkpoint on record if it is complete.
     *
     * @param found checkpoints of all runs
     * @return whether it is on record; false if it may still be changing
     * @throws UnfinishedFile if it is not complete yet
     * @throws Refusal with a clause that gives the reason
     */
    private boolean take(StudyPlan.PlannedRun run, CheckpointFolder one, List<Found> found, Course course)
            throws IOException, InterruptedException, TimeoutException {
        for (Found other : found) {
            if (other.run().equals(run)
                    && other.folder().step() == one.step()
                    && !other.folder().equals(one)) {
                throw new Refusal(other.folder().title() + " is of the same step: keep one of them");
            }
        }
        if (!isStill(one)) {
            return false;
        }
        one.check();
        record(run, one, course);
        return true;
    }

    private void say(String sentence) {
        if (said.add(sentence)) {
            listener.says(sentence);
        }
    }

    /** Returns whether a folder looks as at the last look; if not patient, always true. */
    private boolean isStill(CheckpointFolder one) throws IOException {
        List<CheckpointFolder.Stamp> now = one.stamps();
        return now.equals(seen.put(one.path(), now)) || !patient;
    }

    /** Measures a checkpoint and puts it on record. */
    private void record(StudyPlan.PlannedRun run, CheckpointFolder one, Course course)
            throws IOException, InterruptedException, TimeoutException {
        List<CheckpointFolder.Stamp> stamps = one.stamps();
        CheckpointFolder.Content content = one.content();
        Optional<StoredCheckpoint> known = context.view().checkpoint(run.runId(), one.step());
        if (known.isPresent() && !known.get().event().weights().sha256().equals(content.hash())) {
            throw new Refusal("another checkpoint of this run and step is recorded, with SHA-256 "
                    + known.get().event().weights().sha256() + ": give it a step or a run of its own.");
        }
        List<EstimatorSpec> open = unmeasured(run, one);
        Map<String, String> headers = headers(run, one.step());
        if (known.isEmpty() || !open.isEmpty()) {
            FolderProbe.Settings settings = new FolderProbe.Settings(
                    study.platform().dtype().equals("float64"),
                    Runtime.getRuntime().availableProcessors());
            try (Devices.Use _ = Devices.use(study.platform().device());
                    FolderProbe probe =
                            FolderProbe.onText(one.path(), text, manifest.maxLength(), "maxLength", settings)) {
                unchanged(one, stamps);
                probe.notes().forEach(note -> say("Run " + run.label() + ": " + note));
                parameters.put(run.runId(), (long) probe.model().network().parameterCount());
                declare(run, headers);
                List<Event> found = new ArrayList<>();
                // The loss and each estimator count alike: the next checkpoint tells better.
                double parts = open.size() + (known.isEmpty() ? 1 : 0);
                if (known.isEmpty()) {
                    found.addAll(published(run, one, content, probe, share -> course.report(share / parts)));
                }
                for (int i = 0; i < open.size(); i++) {
                    double before = parts - open.size() + i;
                    found.addAll(
                            measured(run, one, probe, open.get(i), share -> course.report((before + share) / parts)));
                }
                // The weights were read by the first measurement.
                unchanged(one, stamps);
                // Events are written only after all measurements, so a bad checkpoint is refused as
                // a whole.
                found.forEach(event -> once(event, headers));
            }
            listener.says(one.title() + " is recorded.");
        }
        declare(run, headers);
        if (one.step() >= run.spec().training().steps()) {
            context.view().refresh();
            int checkpoints = context.view().checkpoints(run.runId()).size();
            once(new Event.RunFinished(run.runId(), one.step(), 0, checkpoints), headers);
        }
    }

    private static void unchanged(CheckpointFolder one, List<CheckpointFolder.Stamp> stamps) throws IOException {
        if (!stamps.equals(one.stamps())) {
            throw new Refusal("its files changed while they were read: they are read again at the next look.");
        }
    }

    private Map<String, String> headers(StudyPlan.PlannedRun run, int step) {
        return Map.of(
                RecordHeaders.STUDY, studyId(),
                RecordHeaders.RUN, run.runId(),
                RecordHeaders.CHECKPOINT, String.valueOf(step));
    }

    private void declare(StudyPlan.PlannedRun run, Map<String, String> headers) {
        long own = Optional.ofNullable(parameters.get(run.runId()))
                .or(() -> context.view().run(run.runId()).map(Event.RunDeclared::parameters))
                .orElse(0L);
        once(new Event.RunDeclared(studyId(), run.runId(), run.index(), run.label(), run.spec(), own), headers);
    }

    /** Returns the events of a checkpoint and its loss. */
    private List<Event> published(
            StudyPlan.PlannedRun run,
            CheckpointFolder one,
            CheckpointFolder.Content content,
            FolderProbe probe,
            DoubleConsumer share) {
        long seed = study.validation().seed();
        int batches = Math.ceilDiv(study.validation().sentences(), LINES_AT_ONCE);
        Measured loss = probe.loss(
                        new EstimatorSpec(Estimator.HESSIAN_SPLIT, batches, LINES_AT_ONCE, seed),
                        done -> share.accept((double) done / batches))
                .value();
        double norm = probe.model().weightNorm();
        boolean last = one.step() >= run.spec().training().steps();
        return List.of(
                new Event.LossMeasured(
                        run.runId(),
                        one.step(),
                        0,
                        true,
                        loss.value(),
                        loss,
                        batches * LINES_AT_ONCE,
                        seed,
                        Optional.empty(),
                        norm,
                        run.spec().learningRate()),
                new Event.CheckpointPublished(
                        run.runId(),
                        one.step(),
                        one.step(),
                        List.of(new Trigger(last ? Trigger.Kind.LAST : Trigger.Kind.SCHEDULED, one.step())),
                        loss,
                        loss.value(),
                        norm,
                        new Weights(content.bytes(), 0, content.hash(), Weights.FOLDER)));
    }

    private List<Event> measured(
            StudyPlan.PlannedRun run,
            CheckpointFolder one,
            FolderProbe probe,
            EstimatorSpec requested,
            DoubleConsumer share) {
        ProgressListener progress = now -> {
            share.accept((double) now.pairs() / now.planned());
            return true;
        };
        return probe.measure(requested, progress).readings().stream()
                .<Event>map(reading -> reading.event(run.runId(), one.step(), requested, study.platform()))
                .toList();
    }

    /**
     * Puts a score on record whose checkpoint is there.
     *
     * @return false if the score is refused because it contradicts the one on record
     */
    private boolean score(Score score) {
        StudyPlan.PlannedRun run = runOf(score);
        TaskSpec task = TaskSpec.scored(score.task());
        ProtocolSpec protocol = study.protocols().getFirst();
        double baseline = manifest.baseline(score.task());
        Event.DownstreamMeasured measured = new Event.DownstreamMeasured(
                run.runId(),
                score.step(),
                task,
                protocol,
                study.platform(),
                List.of(score.value().value()),
                score.value(),
                baseline,
                Measured.exact(baseline),
                Optional.empty(),
                1,
                0);
        Event.DownstreamMeasured known = scored.get(measured.id());
        if (known != null && !known.equals(measured)) {
            say("The score of " + score.run() + " at step " + score.step() + " on " + score.task() + " is "
                    + score.value().value() + ", and " + known.accuracy().value()
                    + " is recorded, and a record is never changed: give another run or task its own name.");
            return false;
        }
        if (known == null) {
            context.events().writeAcked(measured, headers(run, score.step()));
            scored.put(measured.id(), measured);
        }
        return true;
    }

    @Override
    public void close() {
        tail.close();
        context.close();
    }
}

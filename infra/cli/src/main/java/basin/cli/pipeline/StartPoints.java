package basin.cli.pipeline;

import basin.log.LogSource;
import basin.record.Event;
import basin.service.RecordView;
import basin.service.RecordView.StoredCheckpoint;
import basin.study.Problems;
import basin.study.Program;
import basin.study.Refusal;
import basin.study.RunSpec;
import basin.study.SizeSpec;
import basin.study.StartSpec;
import basin.study.StudySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Resolves the checkpoints on record from which a study's runs start. This is done before the study
 * goes on record.
 */
public final class StartPoints {
    private static final String FIELD = "startFrom is '";
    private static final int MAX_TOLD = 12;

    private StartPoints() {}

    /**
     * Returns the study with the content of each checkpoint that it starts from, or unchanged if
     * its runs start from none.
     *
     * @throws Refusal if a checkpoint is not on record, or belongs to another language or size
     */
    public static StudySpec settled(LogSource record, StudySpec study) {
        if (study.namesWeights()) {
            return study;
        }
        try (RecordView view = RecordView.of(record)) {
            Problems problems = new Problems();
            List<StartSpec> starts = new ArrayList<>();
            study.startFrom().stream()
                    .flatMap(List::stream)
                    .forEach(start -> problems.attempt(() -> starts.add(settled(view, study, start))));
            problems.refuse();
            return study.from(starts);
        }
    }

    private static StartSpec settled(RecordView view, StudySpec study, StartSpec start) {
        Event.RunDeclared run = run(view, start);
        RunSpec source = run.spec();
        SizeSpec size = study.sizes().getFirst();
        if (!source.language().equals(study.language())) {
            throw new Refusal(FIELD + start.title() + "', a run of the language '"
                    + source.language().kind()
                    + "' with other fields than the study's: give the study that run's language.");
        }
        if (!source.algorithm().isTrained() || !sameShape(source.size(), size)) {
            throw new Refusal(FIELD + start.title() + "', a run of size '"
                    + source.size().name() + "' (" + source.algorithm().name() + "), and the study's is '" + size.name()
                    + "': name a trained run of the study's width, layers, heads and hidden units.");
        }
        List<StoredCheckpoint> published = view.checkpoints(run.runId());
        Event.CheckpointPublished checkpoint = published.stream()
                .map(StoredCheckpoint::event)
                .filter(one -> one.step() == start.step())
                .findFirst()
                .orElseThrow(() -> new Refusal(FIELD + start.title()
                        + "', and that run has no checkpoint at this step: give one of " + steps(published) + "."));
        return new StartSpec(
                run.runId(),
                start.step(),
                Optional.of(checkpoint.weights().sha256()),
                Optional.of(checkpoint.excess().value()));
    }

    private static Event.RunDeclared run(RecordView view, StartSpec start) {
        List<Event.RunDeclared> meant = view.runs().stream()
                .filter(run -> run.runId().startsWith(start.run()))
                .toList();
        if (meant.size() != 1) {
            throw new Refusal(FIELD + start.title() + "', and "
                    + (meant.isEmpty()
                            ? "no recorded run begins with these digits: give a run that " + Program.NAME
                                    + " status STUDY" + " lists"
                            : meant.size() + " recorded runs begin with these digits: give more of them")
                    + ".");
        }
        return meant.getFirst();
    }

    private static boolean sameShape(SizeSpec one, SizeSpec other) {
        return one.width() == other.width()
                && one.layers() == other.layers()
                && one.heads() == other.heads()
                && one.intermediate() == other.intermediate();
    }

    private static String steps(List<StoredCheckpoint> published) {
        String reported = published.stream()
                .limit(MAX_TOLD)
                .map(one -> String.valueOf(one.event().step()))
                .collect(Collectors.joining(", "));
        return published.isEmpty()
                ? "another run's, for it has none yet"
                : published.size() > MAX_TOLD
                        ? reported + " and so on to "
                                + published.getLast().event().step()
                        : reported;
    }
}

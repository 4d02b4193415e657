package basin.record.work;

import basin.study.AlgorithmSpec;
import basin.study.ProtocolSpec;
import basin.study.StudySpec;
import basin.study.Trigger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The measurements that a study requests, as a pure function of its spec. */
public final class WantedMeasurements {
    private WantedMeasurements() {}

    /**
     * Lists the measurements that a study requests of a checkpoint published for these reasons. A
     * run without weights has no traces and cannot be fine-tuned.
     *
     * @param algorithm the run's algorithm
     */
    public static List<WorkItem> of(
            String studyId,
            StudySpec study,
            String runId,
            AlgorithmSpec algorithm,
            int step,
            Collection<Trigger> triggers) {
        List<WorkItem> items = new ArrayList<>();
        if (algorithm.isTrained()) {
            study.flatness()
                    .forEach(estimator ->
                            items.add(new WorkItem.Probe(studyId, runId, step, estimator, study.platform())));
        }
        study.protocols().stream()
                .filter(protocol -> algorithm.isTrained() || !(protocol instanceof ProtocolSpec.FineTune))
                // Scores of another program are never requested, only received.
                .filter(protocol -> !(protocol instanceof ProtocolSpec.Scores))
                .filter(protocol -> protocol.on().chooses(triggers))
                .forEach(protocol -> study.tasks()
                        .forEach(task -> items.add(
                                new WorkItem.Evaluate(studyId, runId, step, task, protocol, study.platform()))));
        return List.copyOf(items);
    }
}

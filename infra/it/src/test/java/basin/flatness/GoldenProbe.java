package basin.flatness;

import basin.record.Event;
import basin.record.work.WorkItem;
import basin.study.RunSpec;
import java.util.List;

/** The service's own measurement of one checkpoint, without its queue, for the golden matrix. */
public final class GoldenProbe {
    private final CheckpointProbe probe = new CheckpointProbe();

    /**
     * Measures one checkpoint.
     *
     * @param weights as safetensors
     */
    public List<Event> measure(WorkItem.Probe asked, RunSpec run, byte[] weights) {
        return probe.measure(asked.runId(), asked.step(), run, asked.estimator(), asked.platform(), weights)
                .events();
    }
}

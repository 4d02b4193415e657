package basin.flatness;

import basin.events.Event;
import basin.events.spec.RunSpec;
import basin.events.work.WorkItem;
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

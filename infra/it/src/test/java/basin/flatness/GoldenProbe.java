package basin.flatness;

import basin.network.engine.Workers;
import basin.record.Event;
import basin.record.work.WorkItem;
import basin.study.RunSpec;
import java.util.List;

/**
 * Measures one checkpoint like the flatness service, but without its queue, for the golden matrix.
 */
public final class GoldenProbe {
    private final CheckpointProbe probe = new CheckpointProbe(Workers.of(2));

    /**
     * Measures one checkpoint.
     *
     * @param weights in the safetensors format
     */
    public List<Event> measure(WorkItem.Probe requested, RunSpec run, byte[] weights) {
        return probe.measure(
                        requested.runId(), requested.step(), run, requested.estimator(), requested.platform(), weights)
                .events();
    }
}

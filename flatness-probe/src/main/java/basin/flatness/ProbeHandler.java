package basin.flatness;

import basin.network.engine.Workers;
import basin.record.RecordHeaders;
import basin.record.work.WorkItem;
import basin.service.WorkHandler;
import basin.service.WorkerContext;
import basin.study.RunSpec;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;

/** A work handler that measures the flatness of one checkpoint with one estimator. */
final class ProbeHandler implements WorkHandler<WorkItem.Probe> {
    private final WorkerContext context;
    private final MeterRegistry metrics;
    private final CheckpointProbe probe;

    ProbeHandler(WorkerContext context, MeterRegistry metrics, Workers workers) {
        this.context = context;
        this.probe = new CheckpointProbe(workers);
        this.metrics = metrics;
    }

    @Override
    public Result handle(WorkItem.Probe item) {
        RunSpec spec = context.view().declaredRun(item.runId()).spec();
        byte[] weights = context.checkpoints().read(item.runId(), item.step());
        Timer.Sample timer = Timer.start(metrics);
        CheckpointProbe.Probed measured =
                probe.measure(item.runId(), item.step(), spec, item.estimator(), item.platform(), weights);
        long nanos = timer.stop(Timer.builder("basin.probe")
                .description("Time to measure the flatness of one checkpoint")
                .tag("estimator", item.estimator().estimator().id())
                .register(metrics));
        // The cost is not part of the event, because equal requests must have equal results on any
        // machine.
        return new Result(
                measured.events(),
                Map.of(
                        RecordHeaders.SECONDS,
                        String.format(Locale.ROOT, "%.3f", nanos / 1e9),
                        RecordHeaders.GRADIENTS,
                        String.format(Locale.ROOT, "%.1f", measured.gradients())));
    }
}

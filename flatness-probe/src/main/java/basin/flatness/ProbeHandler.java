package basin.flatness;

import basin.events.Event;
import basin.events.MalformedEventException;
import basin.events.spec.Refusal;
import basin.events.spec.RunSpec;
import basin.events.work.WorkItem;
import basin.service.kafka.Delivery;
import basin.service.kafka.DeliveryHandler;
import basin.service.kafka.UnprocessableWork;
import basin.service.record.CheckpointReader;
import basin.service.record.WorkerContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;

/** Measures the flatness of one checkpoint with one estimator. */
final class ProbeHandler implements DeliveryHandler {
    private final WorkerContext context;
    private final CheckpointReader checkpoints;
    private final MeterRegistry metrics;
    private final CheckpointProbe probe = new CheckpointProbe();

    ProbeHandler(WorkerContext context, CheckpointReader checkpoints, MeterRegistry metrics) {
        this.context = context;
        this.checkpoints = checkpoints;
        this.metrics = metrics;
    }

    @Override
    public void handle(Delivery delivery) throws Exception {
        WorkItem.Probe item;
        try {
            item = (WorkItem.Probe) WorkItem.decode(delivery.record().value());
        } catch (MalformedEventException | ClassCastException e) {
            throw new UnprocessableWork("This record is no checkpoint to probe: " + e.getMessage(), e);
        }
        if (context.view().holds(item.resultIds())) {
            return;
        }
        RunSpec spec = context.view()
                .run(item.runId())
                .orElseThrow(() -> new UnprocessableWork("Run " + item.runId() + " is not on record."))
                .spec();
        byte[] weights = checkpoints.read(item.runId(), item.step());
        Timer.Sample timer = Timer.start(metrics);
        CheckpointProbe.Probed measured;
        try {
            measured = probe.measure(item.runId(), item.step(), spec, item.estimator(), item.platform(), weights);
        } catch (Refusal e) {
            throw new UnprocessableWork(String.valueOf(e.getMessage()), e);
        }
        long nanos = timer.stop(Timer.builder("basin.probe")
                .description("Time to measure the flatness of one checkpoint")
                .tag("estimator", item.estimator().estimator().id())
                .register(metrics));
        Map<String, String> headers = Map.of(
                "basin_study",
                item.studyId(),
                "basin_run",
                item.runId(),
                "basin_checkpoint",
                String.valueOf(item.step()),
                "basin_work_item",
                item.id(),
                // What it took is no part of the result: the same question has the same answer on any machine.
                "basin_seconds",
                String.format(Locale.ROOT, "%.3f", nanos / 1e9),
                "basin_gradients",
                String.format(Locale.ROOT, "%.1f", measured.gradients()));
        for (Event one : measured.events()) {
            context.events().writeAcked(one, headers);
        }
    }
}

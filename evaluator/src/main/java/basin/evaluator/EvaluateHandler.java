package basin.evaluator;

import basin.evaluator.protocol.Evaluation;
import basin.events.Event;
import basin.events.spec.RunSpec;
import basin.events.work.WorkItem;
import basin.lm.Networks;
import basin.lm.network.Weights;
import basin.service.record.WorkHandler;
import basin.service.record.WorkerContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;

/** Evaluates one checkpoint on one task by one protocol. */
final class EvaluateHandler implements WorkHandler<WorkItem.Evaluate> {
    private final WorkerContext context;
    private final MeterRegistry metrics;
    private final Evaluation evaluation = new Evaluation();

    EvaluateHandler(WorkerContext context, MeterRegistry metrics) {
        this.context = context;
        this.metrics = metrics;
    }

    @Override
    public Result handle(WorkItem.Evaluate item) throws InterruptedException {
        RunSpec run = context.view().declaredRun(item.runId()).spec();
        byte[] weights = context.checkpoints().read(item.runId(), item.step());
        Timer.Sample timer = Timer.start(metrics);
        Event.DownstreamMeasured measured = evaluation.evaluate(
                item.runId(),
                item.step(),
                run,
                run.algorithm().isTrained() ? Weights.decode(Networks.shape(run), weights) : new float[0],
                item.task(),
                item.protocol(),
                item.platform());
        timer.stop(Timer.builder("basin.evaluation")
                .description("Time to evaluate one checkpoint on one task by one protocol")
                .tag("task", item.task().name())
                .tag("protocol", item.protocol().name())
                .register(metrics));
        return new Result(List.of(measured), Map.of());
    }
}

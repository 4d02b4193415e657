package basin.evaluator;

import basin.evaluator.protocol.Evaluation;
import basin.language.study.Networks;
import basin.network.Weights;
import basin.record.Event;
import basin.record.work.WorkItem;
import basin.service.WorkHandler;
import basin.service.WorkerContext;
import basin.study.RunSpec;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;

/** A work handler that evaluates one checkpoint on one task by one protocol. */
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

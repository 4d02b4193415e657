package basin.evaluator.protocol;

import basin.evaluator.task.TaskData;
import basin.language.study.Languages;
import basin.language.study.Networks;
import basin.network.LanguageModel;
import basin.network.engine.Devices;
import basin.record.Event;
import basin.record.Measured;
import basin.study.LanguageSpec;
import basin.study.PlatformSpec;
import basin.study.ProtocolSpec;
import basin.study.Refusal;
import basin.study.RunSpec;
import basin.study.TaskSpec;

/**
 * Evaluates checkpoints. Caches task data, states of frozen networks and untrained networks'
 * accuracies, keyed by everything that determines them, so results do not depend on the order of
 * the work. Thread-safe; call from platform threads.
 */
public final class Evaluation {
    private final Memory<DataKey, TaskData> data = new Memory<>(32);
    private final Memory<UntrainedKey, Measured> untrained = new Memory<>(1024);
    private final LinearProbe probe = new LinearProbe();

    /** A cache key: everything that determines a task's examples. */
    private record DataKey(LanguageSpec language, TaskSpec task, int labels, int tests, int repetitions, long seed) {}

    /** A cache key: everything that determines an untrained network's accuracy. */
    private record UntrainedKey(LanguageSpec language, String network, TaskSpec task, ProtocolSpec protocol) {}

    /**
     * Returns the accuracy of a checkpoint on a task, together with chance, the untrained network
     * and the Bayes ceiling.
     *
     * @param step optimiser steps taken
     * @param theta the checkpoint's flat parameters, empty for a lookup table; not modified
     * @throws Refusal if the task or protocol is not possible on this language and network; the
     *     message is one sentence
     * @throws InterruptedException if the thread is interrupted, with a short delay
     */
    public Event.DownstreamMeasured evaluate(
            String runId,
            int step,
            RunSpec run,
            float[] theta,
            TaskSpec task,
            ProtocolSpec protocol,
            PlatformSpec platform)
            throws InterruptedException {
        TaskData examples = examples(run.language(), task, protocol);
        Accuracies accuracies;
        Measured before;
        try (Devices.Use _ = Devices.use(platform.device())) {
            if (run.algorithm().isTrained()) {
                LanguageModel model = Networks.model(run);
                accuracies = accuracies(EvaluatedNetwork.of(model, theta, platform), examples, protocol);
                EvaluatedNetwork start = EvaluatedNetwork.of(model, Networks.initial(run), platform);
                before = untrained.get(
                        new UntrainedKey(run.language(), start.digest(), task, protocol),
                        () -> accuracies(start, examples, protocol).mean());
            } else {
                LookupTable known = LookupTable.of(
                        Languages.of(run.language()), run.training().predicted());
                accuracies = table(known, examples, protocol);
                before = table(known.emptied(), examples, protocol).mean();
            }
        }
        return new Event.DownstreamMeasured(
                runId,
                step,
                task,
                protocol,
                platform,
                accuracies.values(),
                accuracies.mean(),
                examples.majorityBaseline(),
                before,
                examples.bayesAccuracy(),
                examples.classes(),
                examples.leftOut());
    }

    private TaskData examples(LanguageSpec language, TaskSpec task, ProtocolSpec protocol) throws InterruptedException {
        DataKey key = new DataKey(
                language, task, protocol.labels(), protocol.test(), protocol.repetitions(), protocol.seed());
        return data.get(
                key,
                () -> TaskData.of(
                        Languages.source(language), task, key.labels(), key.tests(), key.repetitions(), key.seed()));
    }

    private Accuracies table(LookupTable table, TaskData examples, ProtocolSpec protocol) throws InterruptedException {
        if (protocol instanceof ProtocolSpec.LinearProbe linear) {
            return probe.evaluate(table, examples, linear);
        }
        throw new Refusal("protocol '" + protocol.name()
                + "' tunes weights, and a lookup table has none: evaluate it by a linear probe.");
    }

    private Accuracies accuracies(EvaluatedNetwork network, TaskData examples, ProtocolSpec protocol)
            throws InterruptedException {
        return switch (protocol) {
            case ProtocolSpec.LinearProbe linear -> probe.evaluate(network, examples, linear);
            case ProtocolSpec.FineTune tuning -> FineTuning.evaluate(network, examples, tuning);
            case ProtocolSpec.Scores ignored ->
                throw new Refusal("protocols.kind is 'scores': another program gives them.");
        };
    }
}

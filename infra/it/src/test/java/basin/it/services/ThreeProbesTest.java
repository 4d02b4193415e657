package basin.it.services;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.AggregatorService;
import basin.aggregator.view.StudyView;
import basin.cli.broker.EmbeddedBroker;
import basin.cli.pipeline.Submission;
import basin.flatness.FlatnessProbeService;
import basin.it.StudyText;
import basin.log.KafkaEndpoint;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.work.WorkSlots;
import basin.service.ServiceConfig;
import basin.service.WorkerService;
import basin.study.Ids;
import basin.study.StudySpec;
import basin.trainer.TrainerService;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that three probes share the checkpoints of a study, each of which is measured once. */
class ThreeProbesTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int RUNS = 8;

    /** A probe with metrics of its own. */
    private record Probe(SimpleMeterRegistry metrics, WorkSlots slots, WorkerService service) implements AutoCloseable {
        static Probe start(KafkaEndpoint endpoint) {
            SimpleMeterRegistry metrics = new SimpleMeterRegistry();
            WorkSlots slots = WorkSlots.of(1);
            return new Probe(metrics, slots, FlatnessProbeService.start(endpoint, slots, metrics));
        }

        @Override
        public void close() {
            service.close();
            slots.close();
        }
    }

    @Test
    void threeProbesShareTheCheckpoints(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            try (AggregatorService aggregator =
                            AggregatorService.start(ServiceConfig.onLoopback("aggregator", 0), endpoint);
                    Probe first = Probe.start(endpoint);
                    Probe second = Probe.start(endpoint);
                    Probe third = Probe.start(endpoint);
                    WorkSlots slots = WorkSlots.of(1);
                    WorkerService _ = TrainerService.start(endpoint, slots, aggregator.metrics())) {
                share(endpoint, aggregator, List.of(first, second, third));
            }
        }
    }

    private static void share(KafkaEndpoint endpoint, AggregatorService aggregator, List<Probe> probes)
            throws Exception {
        StudySpec study = StudyText.brief().withQuickFlatness().withSteps(40).spec();
        Submission.submit(endpoint, study);
        StudyView probed = Awaitility.await()
                .atMost(LIMIT)
                .until(
                        () -> aggregator
                                .view(Ids.study(study))
                                .filter(view -> view.done().ended() == RUNS && isProbed(view)),
                        Optional::isPresent)
                .orElseThrow();
        long checkpoints = checkpoints(probed).count();
        List<Double> shares = probes.stream()
                .map(probe -> sum(probe.metrics().find("basin.probe").timers().stream(), Timer::count))
                .toList();
        double lost = probes.stream()
                .mapToDouble(probe -> sum(
                        probe.metrics().find("basin.work.items").tag("outcome", "lost").counters().stream(),
                        Counter::count))
                .sum();
        assertThat(shares).allSatisfy(share -> assertThat(share).isPositive());
        // No checkpoint is done twice, except for locks that an overloaded machine did not
        // renew in time; the metric counts these.
        assertThat(shares.stream().mapToDouble(share -> share).sum() - checkpoints)
                .isBetween(0.0, lost);
    }

    private static <T> double sum(Stream<T> meters, ToDoubleFunction<T> value) {
        return meters.mapToDouble(value).sum();
    }

    private static Stream<StudyView.Checkpoint> checkpoints(StudyView view) {
        return view.runs().stream().flatMap(run -> run.checkpoints().stream());
    }

    private static boolean isProbed(StudyView view) {
        return checkpoints(view).noneMatch(checkpoint -> checkpoint.flatness().isEmpty());
    }
}

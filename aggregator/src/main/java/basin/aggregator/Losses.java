package basin.aggregator;

import basin.aggregator.view.Estimate;
import basin.aggregator.view.StudyView;
import basin.study.Against;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Map;

/** Losses as gauges, those over a known optimum apart from those of held-out sentences: they are different quantities. One thread. */
final class Losses {
    private final Map<Against, Gauges> gauges = new EnumMap<>(Against.class);

    private record Gauges(NumberTable value, NumberTable error) {}

    /**
     * Gauges.
     *
     * @param prefix of their names, which ends in a dot
     * @param which losses, the beginning of their descriptions
     */
    Losses(MeterRegistry registry, String prefix, String which) {
        for (Against against : Against.values()) {
            String name = prefix + against.metric();
            gauges.put(
                    against,
                    new Gauges(
                            new NumberTable(registry, name, which + against.about(), "nats"),
                            new NumberTable(
                                    registry,
                                    name + ".stderr",
                                    "Standard error of the " + against.quantity(),
                                    "nats")));
        }
    }

    /** Takes a loss for what is shown next. */
    void put(StudyView.LossName named, Tags tags, Estimate loss) {
        Gauges own = gauges.get(named.aboveOptimum() ? Against.OPTIMUM : Against.HELD_OUT);
        if (own != null) {
            own.value.put(tags, loss.value());
            own.error.put(tags, loss.standardError());
        }
    }

    /** Shows what was put since the last call, and nothing else. */
    void show() {
        gauges.values().forEach(own -> {
            own.value.show();
            own.error.show();
        });
    }
}

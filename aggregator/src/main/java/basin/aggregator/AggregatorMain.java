package basin.aggregator;

import basin.service.ServiceMain;
import org.slf4j.LoggerFactory;

/** The aggregator as a separate process. */
public final class AggregatorMain {
    private static final int PORT = 8642;

    private AggregatorMain() {}

    /** Runs until the process is terminated; reads its settings from the environment. */
    public static void main(String[] arguments) {
        ServiceMain.run("aggregator", PORT, (settings, owner) -> {
            AggregatorService service = AggregatorService.start(
                    settings.http(), settings.endpoint(), settings.grafana(), settings.snapshotEvents(), shell -> {
                        owner.accept(shell);
                        ServiceMain.awaitTopics(settings.endpoint());
                    });
            owner.accept(service);
            LoggerFactory.getLogger(AggregatorMain.class).info("The page is at {}.", service.address());
        });
    }
}

package basin.it;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests the dependencies between the modules, as drawn in infra/docs/architecture.md. */
class LayeringTest {
    private static final String[] KAFKA_AND_VERTX = {"org.apache.kafka..", "kafka..", "io.vertx.."};
    private static final Set<String> SERVICES = Set.of("trainer", "flatness", "evaluator", "aggregator");

    /**
     * The modules that each module below the services may use. The services may use all of them,
     * but not each other.
     */
    private static final Map<String, Set<String>> ROOMS = Map.of(
            "study", Set.of(),
            "record", Set.of("study"),
            "network", Set.of("study"),
            "language", Set.of("study", "network"),
            "log", Set.of("study", "record"),
            "service", Set.of("study", "record", "log"));

    private static String room(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.");
        return parts.length > 1 && parts[0].equals("basin") ? parts[1] : "";
    }

    @Test
    void roomsUseOnlyRoomsBelowThem() {
        ROOMS.forEach((room, below) -> noClasses()
                .that()
                .resideInAPackage("basin." + room + "..")
                .should()
                .dependOnClassesThat(describe(
                        "are of a room of Basin that " + room + " may not use",
                        type -> !room(type).isEmpty() && !room(type).equals(room) && !below.contains(room(type))))
                .check(BasinClasses.MAIN));
    }

    @Test
    void servicesDoNotDependOnOneAnother() {
        for (String service : SERVICES) {
            noClasses()
                    .that()
                    .resideInAPackage("basin." + service + "..")
                    .should()
                    .dependOnClassesThat(describe(
                            "are of another service or of the command line",
                            type -> !room(type).equals(service)
                                    && (SERVICES.contains(room(type))
                                            || room(type).equals("cli"))))
                    .check(BasinClasses.MAIN);
        }
    }

    @Test
    void scienceKnowsNeitherKafkaNorVertx() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "basin.study..",
                        "basin.record..",
                        "basin.network..",
                        "basin.language..",
                        "basin.trainer.training..",
                        "basin.flatness.estimator..",
                        "basin.flatness.measurement..",
                        "basin.evaluator.task..",
                        "basin.evaluator.protocol..",
                        "basin.aggregator.fold..",
                        "basin.aggregator.analysis..",
                        "basin.aggregator.statistics..",
                        "basin.aggregator.view..",
                        "basin.aggregator.report..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(KAFKA_AND_VERTX)
                .check(BasinClasses.MAIN);
    }

    @Test
    void theFoldAndItsStatisticsKnowNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "basin.aggregator.fold..", "basin.aggregator.analysis..", "basin.aggregator.statistics..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Instant")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(BasinClasses.MAIN);
    }

    @Test
    void durationsAreNotMeasuredByTheWallClock() {
        // It may jump. The first two write its time on records, the third reads it once.
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("basin.service.EventWriter")
                .and()
                .doNotHaveFullyQualifiedName("basin.log.LogWriter")
                .and()
                .doNotHaveFullyQualifiedName("basin.log.SteadyTime")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(BasinClasses.MAIN);
    }

    @Test
    void onlyTheBrokersOwnRoomKnowsKafkasServer() {
        noClasses()
                .that()
                .resideOutsideOfPackage("basin.cli.broker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("kafka..", "org.apache.kafka.server..", "org.apache.kafka.metadata..")
                .check(BasinClasses.MAIN);
    }

    @Test
    void theOneJvmFormReachesTheServicesOnlyThroughKafka() {
        // An in-memory shortcut would have to use a service's internals; the command line may only
        // start services.
        noClasses()
                .that()
                .resideInAPackage("basin.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "basin.trainer.training..",
                        "basin.flatness.estimator..",
                        "basin.evaluator.task..",
                        "basin.evaluator.protocol..",
                        "basin.aggregator.fold..",
                        "basin.aggregator.statistics..")
                .check(BasinClasses.MAIN);
    }

    @Test
    void onlyTheEnginesRoomKnowsTheEnginesInternals() {
        noClasses()
                .that()
                .resideOutsideOfPackage("basin.network.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl.pytorch..")
                .check(BasinClasses.MAIN);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("basin.(**)").should().beFreeOfCycles().check(BasinClasses.MAIN);
    }

    @Test
    void benchmarksAndChecksOfTheoryAreInNobodysJar() {
        List<String> shipped = BasinClasses.MAIN.stream()
                .filter(type -> type.getPackageName().matches("basin\\.(.*\\.)?(bench|theory|it)(\\..*)?"))
                .map(JavaClass::getName)
                .toList();
        org.assertj.core.api.Assertions.assertThat(shipped).isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .that()
                .resideInAPackage("basin..")
                .should(com.tngtech.archunit.lang.conditions.ArchConditions.be(describe(
                        "in a package marked @NullMarked",
                        type -> type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked"))))
                .check(BasinClasses.MAIN);
    }
}

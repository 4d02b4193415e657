package basin.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which room may know which. */
class LayeringTest {
    private static final JavaClasses BASIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("basin");
    private static final String[] KAFKA_AND_VERTX = {"org.apache.kafka..", "kafka..", "io.vertx.."};
    private static final List<String> SERVICES =
            List.of("basin.trainer..", "basin.flatness..", "basin.evaluator..", "basin.aggregator..");

    @Test
    void eventsDependOnNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("basin.events..")
                .should()
                .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are of another room of Basin",
                        type -> type.getPackageName().startsWith("basin.")
                                && !type.getPackageName().startsWith("basin.events")))
                .check(BASIN);
    }

    @Test
    void scienceKnowsNeitherKafkaNorVertx() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "basin.events..",
                        "basin.lm..",
                        "basin.trainer.training..",
                        "basin.flatness.estimator..",
                        "basin.flatness.theory..",
                        "basin.evaluator.task..",
                        "basin.evaluator.protocol..",
                        "basin.aggregator.fold..",
                        "basin.aggregator.analysis..",
                        "basin.aggregator.statistics..",
                        "basin.aggregator.present..",
                        "basin.aggregator.view..",
                        "basin.aggregator.report..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(KAFKA_AND_VERTX)
                .check(BASIN);
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
                .check(BASIN);
    }

    @Test
    void servicesDoNotDependOnOneAnother() {
        for (String service : SERVICES) {
            noClasses()
                    .that()
                    .resideInAPackage(service)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(SERVICES.stream()
                            .filter(other -> !other.equals(service))
                            .toArray(String[]::new))
                    .check(BASIN);
        }
    }

    @Test
    void onlyTheBrokersOwnRoomKnowsKafkasServer() {
        noClasses()
                .that()
                .resideOutsideOfPackage("basin.local.broker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("kafka..", "org.apache.kafka.server..", "org.apache.kafka.metadata..")
                .check(BASIN);
    }

    @Test
    void theOneJvmFormReachesTheServicesOnlyThroughKafka() {
        // An in-memory shortcut would have to touch a service's science; the local room may only start services.
        noClasses()
                .that()
                .resideInAPackage("basin.local..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "basin.trainer.training..",
                        "basin.flatness.estimator..",
                        "basin.evaluator.task..",
                        "basin.evaluator.protocol..",
                        "basin.aggregator.fold..",
                        "basin.aggregator.statistics..")
                .check(BASIN);
    }

    @Test
    void onlyTheEnginesRoomKnowsTheEnginesInternals() {
        noClasses()
                .that()
                .resideOutsideOfPackage("basin.lm.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl.pytorch..")
                .check(BASIN);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("basin.(*)..").should().beFreeOfCycles().check(BASIN);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .that()
                .resideInAPackage("basin..")
                .should(com.tngtech.archunit.lang.conditions.ArchConditions.be(
                        com.tngtech.archunit.base.DescribedPredicate.describe(
                                "in a package marked @NullMarked",
                                type -> type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked"))))
                .check(BASIN);
    }
}

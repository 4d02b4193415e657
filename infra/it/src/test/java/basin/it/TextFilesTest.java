package basin.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import java.io.File;
import java.io.FileReader;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Tests that one class reads all text, so that byte order marks, encodings and size limits are
 * handled uniformly, and that one class computes all digests.
 */
class TextFilesTest {
    private static final Set<String> READERS =
            Set.of("readString", "readAllLines", "lines", "newBufferedReader", "readAllBytes");

    /** Classes that read files of the kernel. */
    private static final String[] OF_THE_SYSTEM = {
        "basin.flatness.estimator.MemoryNeed", "basin.network.engine.NumericProfile", "basin.service.ProcessMemory",
    };

    @Test
    void onlyOneClassReadsText() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("basin.study.file.Utf8Files")
                .and(DescribedPredicate.not(DescribedPredicate.describe(
                        "read files of the system",
                        type -> Stream.of(OF_THE_SYSTEM).anyMatch(type.getFullName()::startsWith))))
                .should()
                .callMethodWhere(DescribedPredicate.describe("read text from a file", call -> isReader(call)))
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(FileReader.class)
                .check(BasinClasses.MAIN);
    }

    private static boolean isReader(JavaCall<?> call) {
        boolean ofFiles = call.getTargetOwner().isEquivalentTo(Files.class) && READERS.contains(call.getName());
        boolean ofJson = call.getTargetOwner().isAssignableTo(ObjectMapper.class)
                && call.getTarget().getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(File.class));
        return ofFiles || ofJson;
    }

    @Test
    void onlyOneClassMakesDigests() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("basin.study.Sha256")
                .should()
                .callMethod(MessageDigest.class, "getInstance", String.class)
                .check(BasinClasses.MAIN);
    }
}

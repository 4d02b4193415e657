package basin.it;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** Basin's classes, for the architecture rules. */
final class BasinClasses {
    /**
     * The main classes of every module, without {@code test-classes} and the jars of shared test
     * classes.
     */
    static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("basin");

    private BasinClasses() {}
}

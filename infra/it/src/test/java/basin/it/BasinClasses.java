package basin.it;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** Basin's classes, as the rules of architecture see them. */
final class BasinClasses {
    /** The classes of every module's main code: neither {@code test-classes} nor the jars of shared test classes. */
    static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("basin");

    private BasinClasses() {}
}

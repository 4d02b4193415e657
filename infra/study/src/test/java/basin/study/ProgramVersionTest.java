package basin.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** Tests what is reported of a build with Git, of one without, and of none. */
class ProgramVersionTest {
    private static ProgramVersion of(String built) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(built));
        return ProgramVersion.of(properties);
    }

    @Test
    void versionAndCommitOfABuild() throws IOException {
        assertThat(of("version=1.2.0\ncommit=0123456789ab-dirty")).hasToString("1.2.0 (commit 0123456789ab-dirty)");
        assertThat(of("version=1.2.0\ncommit=")).hasToString("1.2.0");
    }

    @Test
    void withoutABuild() throws IOException {
        assertThat(of("")).hasToString("development");
    }

    /** The file is there, and holds what {@link #versionAndCommitOfABuild()} expects of it. */
    @Test
    void theRunningProgramKnowsItsVersion() {
        assertThat(ProgramVersion.current().version()).matches("[0-9]+\\.[0-9]+\\.[0-9]+.*|development");
        assertThat(ProgramVersion.current().commit().orElse("0123456789ab")).matches("[0-9a-f]{12}(-dirty)?");
    }
}

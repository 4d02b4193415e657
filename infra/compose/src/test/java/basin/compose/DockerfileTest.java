package basin.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The image against the launcher, the poms and its own promises. */
class DockerfileTest {
    private static final String DOCKERFILE = Checkout.text("infra/compose/Dockerfile");
    private static final String ENVIRONMENT = Checkout.text("infra/cli/environment");

    @Test
    void theEnvironmentOfTheArithmeticIsTheLaunchers() {
        Map<String, String> launchers = new TreeMap<>();
        Matcher pair = Pattern.compile("([A-Z_]+)=(?:\"\\$\\{[A-Z_]+:-(.*?)}\"|(\\S+))")
                .matcher(ENVIRONMENT);
        while (pair.find()) {
            launchers.put(pair.group(1), pair.group(2) == null ? pair.group(3) : pair.group(2));
        }
        assertThat(launchers).containsKeys("OMP_NUM_THREADS", "MKL_CBWR", "OMP_WAIT_POLICY", "MALLOC_ARENA_MAX");
        String pom = Checkout.text("pom.xml");
        launchers.forEach((name, value) -> {
            assertThat(DOCKERFILE).containsPattern("(?m)^(ENV|   ) .*" + name + "=" + value + "( |$)");
            assertThat(pom).contains("<" + name + ">" + value + "</" + name + ">");
        });
    }

    @Test
    void everyPomIsThereBeforeAnySource() {
        String dependencies = DOCKERFILE.substring(0, DOCKERFILE.indexOf("RUN "));
        Matcher modules = Pattern.compile("<module>(.*?)</module>").matcher(Checkout.text("pom.xml"));
        int count = 0;
        while (modules.find()) {
            String module = modules.group(1);
            assertThat(dependencies).contains("COPY " + module + "/pom.xml " + module + "/\n");
            count++;
        }
        assertThat(count).isGreaterThan(8);
        assertThat(dependencies).doesNotContain("src");
    }

    @Test
    void itRunsAsNobodyWithItsEngineUnpacked() {
        assertThat(DOCKERFILE).containsPattern("(?m)^USER 10001:10001$");
        assertThat(DOCKERFILE).contains("DJL_CACHE_DIR=/opt/basin/natives");
        assertThat(Checkout.text("infra/compose/Natives.java"))
                .as("the root is read-only, so that nothing can be unpacked later")
                .contains("Engine.getInstance()", "LibUtils.checkStatus()");
        assertThat(DOCKERFILE).contains("COPY --from=natives /natives /opt/basin/natives");
    }

    /** The image has what the archive has, in the same places. */
    @Test
    void itIsLaidOutAsTheArchive() {
        String archive = Checkout.text("infra/compose/dist");
        Matcher copied = Pattern.compile("(?m)^  cp ((?:infra/cli/\\S+ )+)\"\\$folder/\"$")
                .matcher(archive);
        assertThat(copied.find()).isTrue();
        assertThat(DOCKERFILE)
                .contains("COPY " + copied.group(1) + "/opt/basin/\n", "COPY infra/compose/program /opt/basin\n");
        for (String part : List.of("runtime", "natives")) {
            assertThat(archive).contains(part + " \"$folder/" + part + "\"");
            assertThat(DOCKERFILE)
                    .contains("infra/compose/dist " + part + " /" + part, " /" + part + " /opt/basin/" + part + "\n");
        }
        assertThat(DOCKERFILE).contains("COPY --from=licenses /licenses /opt/basin\n");
        assertThat(DOCKERFILE).endsWith("ENTRYPOINT [\"/opt/basin/bin/basin\"]\nCMD [\"help\"]\n");
    }

    @Test
    void withoutComposeItIsBuiltOnTheSameVersions() {
        for (String base : List.of("MAVEN_VERSION", "DEBIAN_VERSION")) {
            assertThat(DOCKERFILE)
                    .contains("ARG " + base + "=" + Compose.variables().get(base) + "\n");
        }
    }

    @Test
    void mavenSettingsAreMountedAndNeverCopied() {
        assertThat(DOCKERFILE).contains("--mount=type=secret,id=maven-settings,target=/root/.m2/settings.xml");
        assertThat(DOCKERFILE).doesNotContainPattern("COPY.*settings");
        assertThat(Checkout.text(".dockerignore").lines().toList()).contains("*");
    }

    @Test
    void noBaseIsNamedWithoutAVersion() {
        Matcher from = Pattern.compile("^FROM (\\S+)", Pattern.MULTILINE).matcher(DOCKERFILE);
        while (from.find()) {
            assertThat(from.group(1)).matches("[a-z]+:\\$\\{[A-Z]+_VERSION}|[a-z-]+");
        }
    }
}

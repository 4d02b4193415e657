package basin.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The image against the launcher, the poms and its own promises. */
class DockerfileTest {
    private static final String DOCKERFILE = Checkout.text("infra/compose/Dockerfile");
    private static final String LAUNCHER = Checkout.text("infra/basin");

    @Test
    void theFlagsOfTheVirtualMachineAreTheLaunchers() {
        Matcher exec = Pattern.compile("exec \"\\$jdk/bin/java\" (.*?) -cp ", Pattern.DOTALL)
                .matcher(LAUNCHER);
        assertThat(exec.find()).isTrue();
        List<String> launchers = new ArrayList<>();
        for (String flag : exec.group(1).replace("\\\n", " ").trim().split("\\s+")) {
            // Heap and home differ by where the program runs.
            if (!flag.startsWith("-Xmx") && !flag.startsWith("-Dbasin.home=")) {
                launchers.add(flag);
            }
        }
        List<String> images = quoted("ENTRYPOINT");
        assertThat(images.getFirst()).isEqualTo("java");
        assertThat(images).containsSubsequence("-Dbasin.home=/opt/basin", "-cp", "/opt/basin/lib/*");
        assertThat(images.subList(1, images.indexOf("-Dbasin.home=/opt/basin"))).containsExactlyElementsOf(launchers);
    }

    @Test
    void theEnvironmentOfTheArithmeticIsTheLaunchers() {
        Matcher export = Pattern.compile("^export (.*)$", Pattern.MULTILINE).matcher(LAUNCHER);
        assertThat(export.find()).isTrue();
        Map<String, String> launchers = new TreeMap<>();
        for (String pair : export.group(1).split("\\s+")) {
            String[] parts = pair.split("=", 2);
            launchers.put(parts[0], parts[1].replaceAll("^\"\\$\\{[A-Z_]+:-(.*)}\"$", "$1"));
        }
        assertThat(launchers).containsKeys("OMP_NUM_THREADS", "MKL_CBWR", "OMP_WAIT_POLICY", "MALLOC_ARENA_MAX");
        launchers.forEach((name, value) ->
                assertThat(DOCKERFILE).containsPattern("(?m)^(ENV|   ) .*" + name + "=" + value + "( |$)"));
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

    private static List<String> quoted(String instruction) {
        Matcher line = Pattern.compile("^" + instruction + " \\[(.*?)]\n", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(DOCKERFILE);
        assertThat(line.find()).isTrue();
        List<String> words = new ArrayList<>();
        Matcher word = Pattern.compile("\"([^\"]*)\"").matcher(line.group(1));
        while (word.find()) {
            words.add(word.group(1));
        }
        return words;
    }
}

package basin.compose;

import static basin.compose.Compose.list;
import static basin.compose.Compose.map;
import static org.assertj.core.api.Assertions.assertThat;

import basin.study.Sha256;
import basin.study.file.DataFiles;
import basin.study.file.ModelFolders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every container of the stack must keep to, by the text of the compose files. */
class ComposeFilesTest {
    private static final Set<String> WORKERS = Set.of("trainer", "flatness-probe", "evaluator");
    private static final Set<String> ONE_SHOTS =
            Set.of("topics", "submit", "basin", "replay", "history", "backfill", "promtool");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)(?::([?+-])([^}]*))?}");
    private static final Set<String> OFFICIAL = Set.of("KAFKA", "PROMETHEUS", "GRAFANA", "MAVEN", "DEBIAN");

    private final Compose compose = Compose.read();

    @Test
    void thePlainCommandStartsBothLayers() {
        assertThat(Checkout.text(".env")).contains("COMPOSE_FILE=" + String.join(":", Compose.FILES));
        assertThat(compose.services().entrySet().stream()
                        .filter(service -> !service.getValue().containsKey("profiles"))
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrder(
                        "kafka",
                        "topics",
                        "submit",
                        "trainer",
                        "flatness-probe",
                        "evaluator",
                        "aggregator",
                        "prometheus",
                        "grafana");
    }

    @Test
    void noContainerIsRootOrWritesToItsRootOrGainsPrivileges() {
        compose.services().forEach((name, service) -> {
            assertThat(String.valueOf(service.get("user"))).as(name).matches("[1-9][0-9]*:[0-9]+");
            assertThat(service.get("read_only")).as(name).isEqualTo(true);
            assertThat(list(service.get("cap_drop"))).as(name).containsExactly("ALL");
            assertThat(service).as(name).doesNotContainKeys("cap_add", "privileged", "pid", "ipc", "network_mode");
            assertThat(list(service.get("security_opt"))).as(name).containsExactly("no-new-privileges:true");
            assertThat(service.get("init")).as(name).isEqualTo(true);
            assertThat(list(service.get("tmpfs")))
                    .as(name)
                    .allMatch(tmpfs -> tmpfs.contains("size="))
                    .anyMatch(tmpfs -> tmpfs.startsWith("/tmp:"));
            assertThat(service).as(name).containsKey("mem_limit");
        });
    }

    @Test
    void whatRunsOnIsAskedForItsHealthAndWhatDoesNotIsNotRestarted() {
        compose.services().forEach((name, service) -> {
            if (ONE_SHOTS.contains(name)) {
                assertThat(service.get("restart")).as(name).isEqualTo("no");
            } else {
                assertThat(list(map(service.get("healthcheck")).get("test")))
                        .as(name)
                        .isNotEmpty();
                assertThat(service.get("restart")).as(name).isEqualTo("unless-stopped");
            }
        });
    }

    @Test
    void everybodyStartsAfterTheHealthOfWhatItNeeds() {
        Map<String, Map<String, Object>> services = compose.services();
        services.forEach((name, service) -> map(service.get("depends_on"))
                .forEach((other, condition) -> assertThat(map(condition).get("condition"))
                        .as("%s after %s", name, other)
                        .isEqualTo(ONE_SHOTS.contains(other) ? "service_completed_successfully" : "service_healthy")));
        for (String name : List.of("trainer", "flatness-probe", "evaluator", "aggregator", "submit")) {
            assertThat(map(compose.service(name).get("depends_on"))).as(name).containsKeys("kafka", "topics");
        }
    }

    @Test
    void portsAreOnLoopbackAndInTheEnvironmentFile() {
        compose.services()
                .forEach((name, service) -> assertThat(list(service.get("ports")))
                        .as(name)
                        .allMatch(port -> port.matches("127\\.0\\.0\\.1:\\$\\{[A-Z]+_PORT:\\?}:[0-9]+")));
    }

    @Test
    void workersCanBeScaled() {
        compose.services()
                .forEach((name, service) ->
                        assertThat(service).as(name).doesNotContainKeys("container_name", "hostname"));
        for (String worker : WORKERS) {
            assertThat(compose.service(worker)).as(worker).doesNotContainKeys("ports");
            assertThat(mounts(compose.service(worker)))
                    .as("%s has nothing that two of it could not share", worker)
                    .allMatch(mount -> !mount.named() && mount.readOnly());
        }
    }

    @Test
    void versionsAreInTheEnvironmentFileAndNoneIsLatest() {
        Map<String, String> variables = Compose.variables();
        Set<String> named = new HashSet<>();
        compose.services().forEach((name, service) -> {
            String image = String.valueOf(service.get("image"));
            assertThat(image).as(name).matches("[a-z/-]+:\\$\\{[A-Z]+_VERSION:\\?}.*");
            named.addAll(variablesOf(image));
        });
        for (String file : Compose.FILES) {
            named.addAll(variablesOf(Checkout.text(file)));
        }
        assertThat(variables.keySet()).containsAll(named);
        assertThat(named).containsAll(variables.keySet());
        variables.forEach((name, value) -> {
            if (name.endsWith("_VERSION")) {
                assertThat(value).as(name).matches("v?[0-9]+\\.[0-9]+.*");
            }
        });
    }

    /** Each image that somebody else publishes can be held to one digest. */
    @Test
    void aDigestThatIsSetIsPartOfTheImagesName() {
        Map<String, String> variables = new HashMap<>(Compose.variables());
        Map<String, String> tags = references(variables);
        assertThat(tags.keySet()).isEqualTo(OFFICIAL);
        OFFICIAL.forEach(name -> {
            assertThat(tags.get(name)).endsWith(variables.get(name + "_VERSION"));
            assertThat(variables).containsEntry("BASIN_" + name + "_DIGEST", "");
            variables.put("BASIN_" + name + "_DIGEST", digest(name));
        });
        assertThat(references(variables))
                .allSatisfy((name, reference) -> assertThat(reference).isEqualTo(tags.get(name) + "@" + digest(name)));
    }

    private static String digest(String name) {
        return "sha256:" + Sha256.hex(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the official images, by the names of their variables, with these settings. */
    private Map<String, String> references(Map<String, String> variables) {
        Map<String, Set<String>> found = new HashMap<>();
        Stream<String> images = compose.services().values().stream().map(one -> String.valueOf(one.get("image")));
        Stream<String> bases = compose.services().values().stream()
                .flatMap(one -> map(map(one.get("build")).get("args")).values().stream())
                .map(String::valueOf);
        Stream.concat(images, bases)
                .forEach(text -> variablesOf(text).stream()
                        .map(name -> name.replaceFirst("_VERSION$", ""))
                        .filter(OFFICIAL::contains)
                        .forEach(name -> found.computeIfAbsent(name, _ -> new TreeSet<>())
                                .add(settled(text, variables))));
        Map<String, String> references = new HashMap<>();
        found.forEach((name, all) -> {
            assertThat(all).as(name).hasSize(1);
            references.put(name, all.iterator().next());
        });
        return references;
    }

    private static List<String> variablesOf(String text) {
        List<String> names = new ArrayList<>();
        Matcher matcher = VARIABLE.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    @Test
    void brokerAndClientsAreOfOneVersion() {
        Matcher inPom = Pattern.compile("<version.kafka>(.*)</version.kafka>").matcher(Checkout.text("pom.xml"));
        assertThat(inPom.find()).isTrue();
        assertThat(Compose.variables()).containsEntry("KAFKA_VERSION", inPom.group(1));
    }

    /** Both forms of the pipeline keep work and record by the same rules. */
    @Test
    void theBrokerIsSetAsTheOneOfTheOneJvmForm() {
        Map<String, Object> environment = map(compose.service("kafka").get("environment"));
        Matcher setting = Pattern.compile("(?m)^ +([a-z.]+)=(.*)$")
                .matcher(Checkout.text("infra/cli/src/main/java/basin/cli/broker/BrokerSettings.java"));
        // One process of one machine needs fewer threads and other addresses than a container, and
        // ends the session of a broker that was killed, so that the session may be long.
        Set<String> own = Set.of(
                "num.network.threads",
                "num.io.threads",
                "metric.reporters",
                "broker.session.timeout.ms",
                "broker.heartbeat.interval.ms",
                "initial.broker.registration.timeout.ms");
        Map<String, String> placeholders = Map.of("{node}", "1", "{deliveries}", "10", "{lock}", "15000");
        int compared = 0;
        while (setting.find()) {
            String key = setting.group(1);
            if (own.contains(key) || key.contains("listener") || key.startsWith("controller.")) {
                continue;
            }
            String name = "KAFKA_" + key.toUpperCase(java.util.Locale.ROOT).replace('.', '_');
            assertThat(environment).containsEntry(name, placeholders.getOrDefault(setting.group(2), setting.group(2)));
            compared++;
        }
        assertThat(compared).isGreaterThan(20);
        assertThat(String.valueOf(environment.get("KAFKA_GROUP_COORDINATOR_REBALANCE_PROTOCOLS")))
                .contains("share");
    }

    @Test
    void volumesAreNamedAndFoldersOfTheHostCannotBeWritten() {
        Set<String> named = compose.part("volumes").keySet();
        compose.services()
                .forEach((name, service) -> mounts(service).forEach(mount -> {
                    if (mount.named()) {
                        assertThat(named).as(name).contains(mount.source());
                    } else {
                        assertThat(mount.readOnly()).as("%s: %s", name, mount).isTrue();
                    }
                }));
        assertThat(list(compose.service("kafka").get("volumes")))
                .anyMatch(volume -> volume.equals("kafka-data:/var/lib/kafka/data"));
    }

    @Test
    void grafanaHasNoAdministratorAndAsksNobody() {
        assertThat(map(compose.service("grafana").get("environment")))
                .containsEntry("GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION", "true")
                .containsEntry("GF_AUTH_DISABLE_LOGIN_FORM", "true")
                .containsEntry("GF_AUTH_BASIC_ENABLED", "false")
                .containsEntry("GF_AUTH_ANONYMOUS_ENABLED", "true")
                .containsEntry("GF_AUTH_ANONYMOUS_ORG_ROLE", "Viewer")
                .containsEntry("GF_ANALYTICS_REPORTING_ENABLED", "false")
                .containsEntry("GF_ANALYTICS_CHECK_FOR_UPDATES", "false")
                .containsEntry("GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", "false")
                .containsEntry("GF_PLUGINS_PREINSTALL_DISABLED", "true")
                .containsEntry("GF_NEWS_NEWS_FEED_ENABLED", "false");
        compose.services()
                .forEach((name, service) -> assertThat(
                                map(service.get("environment")).keySet())
                        .as(name)
                        .noneMatch(variable -> variable.contains("PASSWORD")));
    }

    @Test
    void theGpuProfileReservesADeviceAndIsFoundUnderTheSameNames() {
        for (String worker : List.of("trainer", "flatness-probe")) {
            Map<String, Object> gpu = compose.service(worker + "-gpu");
            assertThat(list(gpu.get("profiles"))).containsExactly("gpu");
            assertThat(map(gpu.get("build"))).containsEntry("target", "gpu");
            assertThat(gpu.get("command")).isEqualTo(compose.service(worker).get("command"));
            assertThat(String.valueOf(gpu.get("deploy"))).contains("driver=nvidia");
            assertThat(list(map(map(gpu.get("networks")).get("pipeline")).get("aliases")))
                    .containsExactly(worker);
        }
    }

    @Test
    void whatIsMountedIsThere() {
        for (Map<String, Object> service : compose.services().values()) {
            for (Mount mount : mounts(service)) {
                if (!mount.named()) {
                    assertThat(Files.exists(Checkout.path("infra/compose").resolve(mount.source())))
                            .as("%s", mount)
                            .isTrue();
                }
            }
        }
    }

    /**
     * Studies of a user's own and what they name reach whoever reads them, wherever the folder is,
     * and nobody makes or writes it.
     */
    @Test
    void aFolderOfTheUsersIsMountedForReadingWhereFilesAreLookedFor() {
        Map<String, Object> files = Map.of(
                "type",
                "bind",
                "source",
                "${BASIN_FILES:?}",
                "target",
                "/files",
                "read_only",
                true,
                "bind",
                Map.of("create_host_path", false));
        List<String> workers = WORKERS.stream()
                .flatMap(worker -> Stream.of(worker, worker + "-gpu"))
                .toList();
        for (String name : Stream.concat(workers.stream(), Stream.of("submit", "basin", "replay"))
                .toList()) {
            assertThat(compose.service(name).get("volumes")).as(name).isEqualTo(List.of(files));
        }
        for (String name :
                Stream.concat(workers.stream(), Stream.of("basin", "replay")).toList()) {
            Map<String, Object> environment = map(compose.service(name).get("environment"));
            assertThat(String.valueOf(environment.get(DataFiles.VARIABLE)).split(":"))
                    .as("%s knows the user's data and those of the studies in the image", name)
                    .containsExactly("/files", "/opt/basin/studies");
            assertThat(environment).as(name).containsEntry(ModelFolders.VARIABLE, "/files");
        }
        assertThat(Checkout.text("infra/compose/Dockerfile")).contains("COPY infra/studies /opt/basin/studies");
        for (String name : List.of("kafka", "topics", "aggregator", "prometheus", "grafana")) {
            assertThat(mounts(compose.service(name)))
                    .as(name)
                    .noneMatch(mount -> mount.target().equals("/files"));
        }
    }

    /**
     * What a container has of the host's.
     *
     * @param named whether it is a volume of that name, and not a folder
     * @param source the folder, seen from {@code infra/compose}, variables replaced as
     *     {@code infra/compose/.env} says
     */
    private record Mount(boolean named, String source, String target, boolean readOnly) {}

    /** Those of a service, of which the short form and the long one are written. */
    private static List<Mount> mounts(Map<String, Object> service) {
        List<Mount> mounts = new ArrayList<>();
        if (service.get("volumes") instanceof List<?> volumes) {
            for (Object volume : volumes) {
                if (volume instanceof Map<?, ?> parts) {
                    Map<String, Object> fields = map(parts);
                    mounts.add(new Mount(
                            !"bind".equals(fields.get("type")),
                            settled(String.valueOf(fields.get("source")), Compose.variables()),
                            String.valueOf(fields.get("target")),
                            Boolean.TRUE.equals(fields.get("read_only"))));
                } else {
                    List<String> parts = List.of(String.valueOf(volume).split(":", -1));
                    mounts.add(new Mount(
                            !parts.getFirst().startsWith("."),
                            parts.getFirst(),
                            parts.get(1),
                            parts.getLast().equals("ro")));
                }
            }
        }
        return mounts;
    }

    /** Replaces variables as Compose does. */
    private static String settled(String text, Map<String, String> variables) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            String value = variables.getOrDefault(found.group(1), "");
            String other = Objects.requireNonNullElse(found.group(3), "");
            return Matcher.quoteReplacement(
                    switch (Objects.requireNonNullElse(found.group(2), "")) {
                        case "+" -> value.isEmpty() ? "" : other;
                        case "-" -> value.isEmpty() ? other : value;
                        default -> value;
                    });
        });
    }
}

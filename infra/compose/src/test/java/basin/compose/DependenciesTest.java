package basin.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Tests that the table of dependencies names exactly those of the poms, in the versions that are
 * used.
 */
class DependenciesTest {
    private static final String PAGE = Checkout.text("infra/docs/dependencies.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\| ([^|]*)\\|$");

    /**
     * A row of the table.
     *
     * @param why empty where the newest is used
     */
    private record Row(String used, String newest, String why) {}

    private static Map<String, Row> rows() {
        Map<String, Row> rows = new TreeMap<>();
        Matcher row = ROW.matcher(PAGE);
        while (row.find()) {
            rows.put(
                    row.group(1),
                    new Row(
                            row.group(2).strip(),
                            row.group(3).strip(),
                            row.group(4).strip()));
        }
        return rows;
    }

    private record Dependency(String group, String artifact, String version, String scope) {
        String name() {
            return group + ":" + artifact;
        }
    }

    private static Map<String, String> used() throws Exception {
        Document root = pom("");
        List<Dependency> managed = dependencies(root);
        Map<String, String> used = new TreeMap<>();
        NodeList modules = root.getElementsByTagName("module");
        for (int i = 0; i < modules.getLength(); i++) {
            for (Dependency one : dependencies(pom(modules.item(i).getTextContent() + "/"))) {
                if (!one.group().equals("basin")) {
                    used.put(
                            one.name(), settled(root, one.version().isEmpty() ? version(managed, one) : one.version()));
                }
            }
        }
        return used;
    }

    /** Returns the version that the root's pom or a bill of materials in it gives. */
    private static String version(List<Dependency> managed, Dependency dependency) {
        return managed.stream()
                .filter(one -> one.name().equals(dependency.name()))
                .findFirst()
                .or(() -> managed.stream()
                        .filter(one -> one.scope().equals("import"))
                        .filter(one -> (dependency.group() + ".").startsWith(one.group() + "."))
                        .findFirst())
                .orElseThrow(() -> new AssertionError(dependency.name() + " has no version"))
                .version();
    }

    private static String settled(Document root, String version) {
        return Pattern.compile("\\$\\{(.*?)}")
                .matcher(version)
                .replaceAll(name -> Matcher.quoteReplacement(
                        root.getElementsByTagName(name.group(1)).item(0).getTextContent()));
    }

    private static Document pom(String folder) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Checkout.path(folder + "pom.xml").toFile());
    }

    private static List<Dependency> dependencies(Document pom) {
        List<Dependency> all = new ArrayList<>();
        NodeList found = pom.getElementsByTagName("dependency");
        for (int i = 0; i < found.getLength(); i++) {
            Element one = (Element) found.item(i);
            all.add(new Dependency(
                    text(one, "groupId"), text(one, "artifactId"), text(one, "version"), text(one, "scope")));
        }
        return all;
    }

    private static String text(Element dependency, String name) {
        NodeList found = dependency.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }

    @Test
    void theTableIsThatOfThePoms() throws Exception {
        Map<String, String> stated = new TreeMap<>();
        rows().forEach((name, row) -> stated.put(name, row.used()));
        assertThat(stated)
                .as("run .ci/dependencies and say why a version is not the newest")
                .isEqualTo(used())
                .hasSizeGreaterThan(30);
    }

    @Test
    void whatIsNotTheNewestSaysWhy() {
        assertThat(rows())
                .allSatisfy((name, row) -> assertThat(row.why().isEmpty())
                        .as(name)
                        .isEqualTo(row.used().equals(row.newest())));
    }
}

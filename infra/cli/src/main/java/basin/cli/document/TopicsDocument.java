package basin.cli.document;

import basin.log.admin.TopicSpec;
import basin.study.ProgramVersion;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Basin's topics, as printed by {@code basin topics --json} once they are there.
 *
 * @param program version of the program that wrote this
 * @param topics the topics
 * @param setBack settings that {@code --mend} set back, a sentence each
 */
public record TopicsDocument(ProgramVersion program, List<Entry> topics, List<String> setBack) {
    public TopicsDocument {
        topics = List.copyOf(topics);
        setBack = List.copyOf(setBack);
    }

    /**
     * A topic.
     *
     * @param name name of the topic
     * @param partitions number of partitions that it is made with
     * @param config configuration that it is made with, by Kafka's names
     */
    public record Entry(String name, int partitions, Map<String, String> config) {}

    /** Returns the document of these topics. */
    public static TopicsDocument of(List<TopicSpec> topics, List<String> setBack) {
        return new TopicsDocument(
                ProgramVersion.current(),
                topics.stream()
                        .map(topic -> new Entry(topic.name(), topic.partitions(), new TreeMap<>(topic.config())))
                        .toList(),
                setBack);
    }
}

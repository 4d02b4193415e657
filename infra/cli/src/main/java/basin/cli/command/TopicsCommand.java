package basin.cli.command;

import basin.cli.document.TopicsDocument;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates all of Basin's topics that do not exist yet, and sets changed settings back. */
@Command(
        name = "topics",
        header = "Creates those of Basin's topics that are missing.",
        description = "Topics that exist stay as they are, unless you give --mend.",
        footer = {"  ${ROOT-COMMAND-NAME} topics --bootstrap 127.0.0.1:9092", "    Prepares a Kafka cluster for Basin."
        })
public final class TopicsCommand extends PrintingCommand {
    @Mixin
    private RecordPlace place = new RecordPlace();

    @Mixin
    private JsonOption json = new JsonOption();

    @Option(
            names = "--mend",
            description = "Sets changed settings of existing topics back to those that Basin relies on.")
    private boolean mend;

    @Override
    int run(PrintWriter out) throws Exception {
        List<TopicSpec> topics = TopicSpec.all();
        List<String> setBack = new ArrayList<>();
        try (RecordPlace.Open record = place.openOrBegin(0, Optional.empty())) {
            if (mend) {
                setBack.addAll(TopicAdmin.mend(record.endpoint(), topics));
            }
        }
        json.print(TopicsDocument.of(topics, setBack), text -> {
            setBack.forEach(set -> text.println("Set back: " + set));
            text.println("The " + topics.size() + " topics are there.");
        });
        return 0;
    }
}

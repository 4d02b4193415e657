package basin.cli.command;

import basin.cli.document.DeadLettersDocument;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.LogSource;
import basin.log.deadletter.DeadLetter;
import basin.log.deadletter.DeadLetterTopic;
import basin.study.Program;
import basin.study.Refusal;
import basin.study.SafeText;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows dead letters and re-drives them once their cause is fixed. */
@Command(
        name = "dead-letters",
        header = "Shows work that was given up, and retries it.",
        description =
                "A dead letter is a record or work item that could not be processed. Fix the cause, then send it back.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DeadLettersCommand.ListCommand.class,
            DeadLettersCommand.ShowCommand.class,
            DeadLettersCommand.RedriveCommand.class,
            HelpCommand.class
        },
        footer = {"  ${ROOT-COMMAND-NAME} dead-letters list", "    Lists the dead letters of the newest record here."})
public final class DeadLettersCommand implements Runnable {
    private static final int REASON_CHARACTERS = 300;
    private static final int HEADER_CHARACTERS = 1000;
    private static final int PAYLOAD_CHARACTERS = 16_000;
    private static final int BYTES_OF_HEX = 256;

    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "Say what to do with dead letters: list, show or redrive.");
    }

    private static String origin(DeadLetter deadLetter) {
        return SafeText.line(deadLetter.origin().map(LogPosition::toString).orElse("unknown"), HEADER_CHARACTERS);
    }

    /** Returns a value as text if it is UTF-8, otherwise its first bytes in hexadecimal digits. */
    private static String value(LogRecord record) {
        return record.utf8()
                .map(text -> SafeText.line(text, PAYLOAD_CHARACTERS))
                .orElseGet(() -> {
                    byte[] bytes = record.value();
                    byte[] first = Arrays.copyOf(bytes, Math.min(bytes.length, BYTES_OF_HEX));
                    return "hex " + HexFormat.of().formatHex(first) + (bytes.length > BYTES_OF_HEX ? "…" : "");
                });
    }

    private static String line(DeadLetterTopic.Entry entry) {
        DeadLetter deadLetter = entry.deadLetter();
        return String.format(
                Locale.ROOT,
                "%s  %s  %-9s  %-28s  %-11s  %s",
                deadLetter.id(),
                Instant.ofEpochMilli(deadLetter.record().timestampMillis()),
                SafeText.line(deadLetter.kind().isEmpty() ? "unknown" : deadLetter.kind(), HEADER_CHARACTERS),
                origin(deadLetter),
                entry.redriven() == 0
                        ? "open"
                        : "re-driven" + (entry.redriven() > 1 ? " " + entry.redriven() + "×" : ""),
                SafeText.line(deadLetter.reason(), REASON_CHARACTERS));
    }

    private static DeadLetterTopic.Entry find(List<DeadLetterTopic.Entry> all, String id) {
        List<DeadLetterTopic.Entry> meant = all.stream()
                .filter(entry -> entry.deadLetter().id().startsWith(id))
                .toList();
        if (meant.size() == 1) {
            return meant.getFirst();
        }
        throw new Refusal(
                meant.isEmpty()
                        ? "There is no dead letter '" + id + "': " + Program.NAME
                                + " dead-letters list shows those that there are."
                        : "Several dead letters begin with '" + id + "': give more of the id.");
    }

    /** Lists the dead letters. */
    @Command(
            name = "list",
            header = "Lists dead letters, one per line.",
            description = "Columns: id, time, kind, origin, whether it was sent back, reason.",
            footer = {
                "  ${ROOT-COMMAND-NAME} dead-letters list",
                "    Lists the dead letters of the newest record here."
            })
    static final class ListCommand extends PrintingCommand {
        @Mixin
        private RecordPlace place = new RecordPlace();

        @Mixin
        private JsonOption json = new JsonOption();

        @Override
        int run(PrintWriter out) throws Exception {
            LogSource log = place.read().log();
            List<DeadLetterTopic.Entry> all = DeadLetterTopic.read(log);
            json.print(
                    DeadLettersDocument.of(
                            all.stream().map(DeadLettersDocument.Entry::of).toList()),
                    text -> {
                        all.forEach(entry -> text.println(line(entry)));
                        if (all.isEmpty()) {
                            text.println("There are no dead letters.");
                        }
                    });
            return 0;
        }
    }

    /** Shows one dead letter with its headers and payload. */
    @Command(
            name = "show",
            header = "Shows one dead letter with headers and payload.",
            footer = {
                "  ${ROOT-COMMAND-NAME} dead-letters show 0c1d",
                "    Shows the dead letter whose id begins with 0c1d."
            })
    static final class ShowCommand extends PrintingCommand {
        @Mixin
        private RecordPlace place = new RecordPlace();

        @Parameters(paramLabel = "ID", description = "Id of the dead letter, or its beginning.")
        private String id;

        @Mixin
        private JsonOption json = new JsonOption();

        @Override
        int run(PrintWriter out) throws Exception {
            LogSource log = place.read().log();
            DeadLetterTopic.Entry entry = find(DeadLetterTopic.read(log), id);
            DeadLetter deadLetter =
                    DeadLetterTopic.whole(log, entry.deadLetter().id()).orElseThrow();
            json.print(
                    DeadLettersDocument.of(
                            List.of(DeadLettersDocument.Entry.of(entry, Optional.of(deadLetter.record())))),
                    text -> print(text, entry, deadLetter));
            return 0;
        }

        private static void print(PrintWriter out, DeadLetterTopic.Entry entry, DeadLetter deadLetter) {
            out.println(line(entry));
            out.println("lies at  " + deadLetter.record().position());
            out.println("key      " + SafeText.line(deadLetter.record().key(), HEADER_CHARACTERS));
            new TreeMap<>(deadLetter.record().headers())
                    .forEach((name, value) -> out.println("header   " + SafeText.line(name, HEADER_CHARACTERS) + " = "
                            + SafeText.line(value, HEADER_CHARACTERS)));
            out.println("payload  " + deadLetter.record().value().length + " bytes");
            out.println(value(deadLetter.record()));
        }
    }

    /** Re-drives dead letters: writes their records back to the topics that they came from. */
    @Command(
            name = "redrive",
            header = "Sends dead letters back to the topics they came from.",
            description = "Fix the cause first. Each dead letter is sent back once, unless you give --again.",
            footer = {"  ${ROOT-COMMAND-NAME} dead-letters redrive --all", "    Retries all that was given up."})
    static final class RedriveCommand extends PrintingCommand {
        @Mixin
        private RecordPlace place = new RecordPlace();

        @Parameters(arity = "0..*", paramLabel = "ID", description = "Ids of dead letters, or their beginnings.")
        private List<String> ids = new ArrayList<>();

        @Option(names = "--all", description = "Sends back every dead letter that was not sent back before.")
        private boolean all;

        @Option(names = "--again", description = "Also sends back those of the given ids that were sent back before.")
        private boolean again;

        @Override
        int run(PrintWriter out) throws Exception {
            if (all != ids.isEmpty()) {
                throw new Refusal(
                        all
                                ? "Both --all and ids are given: leave one out."
                                : "No dead letter is named: give ids as " + Program.NAME
                                        + " dead-letters list shows them, or" + " --all.");
            }
            if (all && again) {
                throw new Refusal(
                        "--again goes with ids, not with --all: name the dead letters to be re-driven again.");
            }
            try (RecordPlace.Open record = place.open()) {
                List<DeadLetterTopic.Entry> known = DeadLetterTopic.read(record.endpoint());
                List<DeadLetterTopic.Entry> chosen = all
                        ? known
                        : ids.stream().map(id -> find(known, id)).distinct().toList();
                List<DeadLetterTopic.Entry> open = chosen.stream()
                        .filter(entry -> again || entry.redriven() == 0)
                        .toList();
                if (!all) {
                    chosen.stream()
                            .filter(entry -> !open.contains(entry))
                            .forEach(entry -> out.println(
                                    entry.deadLetter().id() + " was re-driven before; --again does so once more."));
                }
                for (DeadLetterTopic.Redriven done : DeadLetterTopic.redrive(record.endpoint(), open)) {
                    out.println(done.deadLetter().id() + " is re-driven: "
                            + done.to()
                                    .map(position -> position + ", time " + done.times())
                                    .orElse("its record lay on its topic already, and it is marked now"));
                }
                if (open.isEmpty() && all) {
                    out.println("No dead letter is open.");
                }
            }
            return 0;
        }
    }
}

package basin.cli;

import basin.cli.command.HelpOptions;
import basin.cli.command.OptionHeading;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The layout of the help of the program and of every command: commands by purpose, options by
 * what they are for, an example at the end. It is plain text that fits a terminal of 80 columns, so
 * that it is the same in a terminal, in a pipe and with {@code NO_COLOR}.
 */
final class HelpLayout {
    static final int WIDTH = 80;
    private static final String OWN = "Options";
    private static final int NAME = 13;
    private static final int LONG_OPTION = 24;

    private HelpLayout() {}

    /**
     * Sets the layout of a command and of those below it. A command that has no options but those
     * below it gets those for its help.
     *
     * @param purposes the names of the program's commands, by what they are for
     */
    static void set(CommandLine line, Map<String, List<String>> purposes) {
        if (line.getCommandSpec().findOption("--help") == null) {
            line.addMixin("help", new HelpOptions());
        }
        UsageMessageSpec usage = line.getCommandSpec().usageMessage();
        usage.abbreviateSynopsis(true);
        usage.sortOptions(false);
        usage.synopsisHeading("%nUsage: ");
        usage.descriptionHeading(usage.description().length == 0 ? "" : "%n");
        usage.parameterListHeading(line.getCommandSpec().positionalParameters().isEmpty() ? "" : "%nArguments:%n");
        usage.footerHeading(usage.footer().length == 0 ? "" : "%nExample:%n");
        Map<String, IHelpSectionRenderer> sections = new HashMap<>(line.getHelpSectionMap());
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpLayout::options);
        sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> commands(help, purposes));
        usage.sectionMap(sections);
        List<String> order = new ArrayList<>(usage.sectionKeys());
        order.remove(UsageMessageSpec.SECTION_KEY_OPTION_LIST);
        order.add(
                order.indexOf(UsageMessageSpec.SECTION_KEY_COMMAND_LIST) + 1, UsageMessageSpec.SECTION_KEY_OPTION_LIST);
        usage.sectionKeys(order);
        usage.width(WIDTH);
        usage.longOptionsMaxWidth(LONG_OPTION);
        line.getSubcommands()
                .values()
                .forEach(below -> set(
                        below,
                        Map.of("Commands", List.copyOf(below.getSubcommands().keySet()))));
    }

    private static String options(Help help) {
        Map<String, List<OptionSpec>> parts = new LinkedHashMap<>();
        parts.put(OWN, new ArrayList<>());
        help.commandSpec()
                .options()
                .forEach(option -> parts.computeIfAbsent(heading(option), _ -> new ArrayList<>())
                        .add(option));
        // The options that every command has come last.
        Optional.ofNullable(parts.remove(last(help))).ifPresent(common -> parts.put(last(help), common));
        StringBuilder text = new StringBuilder();
        parts.forEach((heading, options) -> {
            if (!options.isEmpty()) {
                text.append(String.format("%n%s:%n", heading))
                        .append(help.optionListExcludingGroups(
                                options,
                                help.createDefaultLayout(
                                        help.commandSpec().options(),
                                        help.commandSpec().positionalParameters(),
                                        help.colorScheme()),
                                null,
                                help.parameterLabelRenderer()));
            }
        });
        return text.toString();
    }

    private static String last(Help help) {
        return heading(help.commandSpec().findOption("--help"));
    }

    private static String heading(OptionSpec option) {
        return option.userObject() instanceof Field field
                ? Optional.ofNullable(field.getDeclaringClass().getAnnotation(OptionHeading.class))
                        .map(OptionHeading::value)
                        .orElse(OWN)
                : OWN;
    }

    private static String commands(Help help, Map<String, List<String>> purposes) {
        StringBuilder text = new StringBuilder();
        purposes.forEach((purpose, names) -> {
            if (!names.isEmpty()) {
                text.append(String.format("%n%s:%n", purpose));
                names.forEach(name -> text.append(String.format(
                        "  %-" + NAME + "s %s%n",
                        name,
                        Objects.requireNonNull(help.subcommands().get(name))
                                .commandSpec()
                                .usageMessage()
                                .header()[0])));
            }
        });
        return text.toString();
    }
}

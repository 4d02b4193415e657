package basin.cli.command;

import basin.aggregator.view.ResultTable;
import basin.aggregator.view.StudyView;

/** A study's answer in a terminal, in brief or in full. */
final class Answers {
    private Answers() {}

    /**
     * Prints the answer below an empty line.
     *
     * @param full whether all comparisons are printed, instead of those that answer the question
     */
    static void print(Terminal terminal, StudyView view, boolean full) {
        terminal.text(full ? ResultTable.of(view) : ResultTable.brief(view, terminal.columns()));
        terminal.line("");
    }
}

package basin.lm;

import basin.events.spec.InvalidSpecException;
import basin.events.spec.ProtocolSpec;
import basin.events.spec.TableSpec;
import basin.lm.text.TextTable;
import java.io.IOException;
import java.util.List;

/** Tables of labelled texts by their specifications. Thread-safe. */
public final class Tables {
    private Tables() {}

    /**
     * Reads a table.
     *
     * @throws IllegalArgumentException in one sentence that names file, line and column, where it is none
     * @throws AbsentModelException where this machine does not have its files now, in one sentence
     */
    public static TextTable read(TableSpec spec) {
        try {
            return TextTable.read(spec);
        } catch (IOException away) {
            throw new AbsentModelException(away);
        }
    }

    /**
     * Looks whether a table has as many examples as protocols want.
     *
     * @throws InvalidSpecException one sentence that names the field, the value and the fix
     */
    static void check(TableSpec spec, List<ProtocolSpec> protocols) {
        TextTable table = read(spec);
        protocols.forEach(protocol -> check(table, protocol.labels(), protocol.test()));
    }

    /**
     * Looks whether a table has so many examples.
     *
     * @param labels to learn from
     * @param test to test on
     * @throws InvalidSpecException one sentence that names the field, the value and the fix
     */
    public static void check(TextTable table, int labels, int test) {
        enough("protocols.labels", labels, table.training().labels().size(), "to learn from");
        enough("protocols.test", test, table.test().labels().size(), "to test on");
    }

    private static void enough(String field, int wanted, int there, String what) {
        if (wanted > there) {
            throw new InvalidSpecException(field + " is " + wanted + ": give at most " + there
                    + ", for so many examples " + what + " a task's table has.");
        }
    }
}

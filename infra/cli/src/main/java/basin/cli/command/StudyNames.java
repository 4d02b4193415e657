package basin.cli.command;

import basin.study.Refusal;
import java.util.Collections;
import java.util.Iterator;

/** The names of the studies that come with Basin, for the completion of commands. */
final class StudyNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        try {
            return StudyCatalogue.names().iterator();
        } catch (Refusal notListed) {
            return Collections.emptyIterator();
        }
    }
}

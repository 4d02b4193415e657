package basin.aggregator.page;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Lends every test class a browser that no other class has at the same time. There are as many
 * browsers as classes that run at once; all are closed after the last test.
 */
final class Browsers implements BeforeAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(Browsers.class);

    /** The browsers that no class has. */
    private static final class Free implements AutoCloseable {
        private final Queue<Chromium> browsers = new ConcurrentLinkedQueue<>();

        Lent lend() {
            Chromium one = browsers.poll();
            return new Lent(one == null ? Chromium.start() : one, this);
        }

        @Override
        public void close() {
            browsers.forEach(Chromium::close);
        }
    }

    /** A browser that goes back when the store of its class is closed. */
    private record Lent(Chromium browser, Free free) implements AutoCloseable {
        @Override
        public void close() {
            free.browsers.add(browser);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Free free = context.getRoot().getStore(NAMESPACE).computeIfAbsent(Free.class, key -> new Free(), Free.class);
        Lent lent = free.lend();
        context.getStore(NAMESPACE).put(Lent.class, lent);
        ((Browsed) context.getRequiredTestInstance()).chromium = lent.browser();
    }
}

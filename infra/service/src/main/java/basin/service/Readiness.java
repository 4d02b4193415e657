package basin.service;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** What a service waits for before it is ready. Safe for use by several threads. */
public final class Readiness {
    private final Map<String, BooleanSupplier> checks = new ConcurrentHashMap<>();

    Readiness() {}

    /**
     * Adds a condition that must hold.
     *
     * @param name of the condition, in a word
     * @param holds called for every question; neither blocks nor throws
     */
    public void require(String name, BooleanSupplier holds) {
        checks.put(name, holds);
    }

    /** Every condition by name, and whether it holds now. */
    Map<String, Boolean> now() {
        Map<String, Boolean> now = new TreeMap<>();
        checks.forEach((name, holds) -> now.put(name, holds.getAsBoolean()));
        return now;
    }
}

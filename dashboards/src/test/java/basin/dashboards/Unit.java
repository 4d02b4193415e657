package basin.dashboards;

/** How Grafana writes a number. */
public enum Unit {
    /** A correlation, or −ln of a trace: a number without a unit. */
    NUMBER("none"),
    /** Shares between 0 and 1, shown as per cent. */
    SHARE("percentunit"),
    /** Nats a predicted word. */
    NATS("suffix:nats"),
    /** Runs of a study. */
    RUNS("suffix:runs"),
    /** Whole work items. */
    ITEMS("suffix:work items"),
    /** Work items a second. */
    ITEMS_PER_SECOND("suffix:work items/s"),
    /** Events of the record. */
    EVENTS("suffix:events"),
    /** Events a second. */
    EVENTS_PER_SECOND("suffix:events/s"),
    /** Records of Kafka. */
    RECORDS("suffix:records"),
    /** Optimiser steps. */
    STEPS("suffix:steps"),
    /** Threads of a process. */
    THREADS("suffix:threads"),
    /** Requests a second. */
    REQUESTS_PER_SECOND("reqps"),
    /** Durations. */
    SECONDS("s"),
    /** Memory, in powers of two. */
    BYTES("bytes"),
    /** Memory a second. */
    BYTES_PER_SECOND("binBps"),
    /** Temperatures. */
    CELSIUS("celsius"),
    /** Power. */
    WATT("watt");

    private final String id;

    Unit(String id) {
        this.id = id;
    }

    /** Grafana's name of the unit. */
    public String id() {
        return id;
    }
}

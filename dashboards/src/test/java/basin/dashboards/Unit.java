package basin.dashboards;

/** A unit in which Grafana shows numbers. */
public enum Unit {
    /** A correlation, or −ln of a trace: a number without a unit. */
    NUMBER("none"),
    /** Shares between 0 and 1, shown in percent. */
    SHARE("percentunit"),
    /** Nats per predicted word. */
    NATS("suffix:nats"),
    /** Runs of a study. */
    RUNS("suffix:runs"),
    /** Work items. */
    ITEMS("suffix:work items"),
    /** Work items per second. */
    ITEMS_PER_SECOND("suffix:work items/s"),
    /** Events on record. */
    EVENTS("suffix:events"),
    /** Events per second. */
    EVENTS_PER_SECOND("suffix:events/s"),
    /** Kafka records. */
    RECORDS("suffix:records"),
    /** Faults of the record. */
    FAULTS("suffix:faults"),
    /** Optimiser steps. */
    STEPS("suffix:steps"),
    /** Threads of a process. */
    THREADS("suffix:threads"),
    /** Requests per second. */
    REQUESTS_PER_SECOND("reqps"),
    /** Durations in seconds. */
    SECONDS("s"),
    /** Bytes of memory, in powers of two. */
    BYTES("bytes"),
    /** Bytes per second, in powers of two. */
    BYTES_PER_SECOND("binBps"),
    /** Temperatures. */
    CELSIUS("celsius"),
    /** Power. */
    WATT("watt");

    private final String id;

    Unit(String id) {
        this.id = id;
    }

    /** Returns Grafana's id of the unit. */
    public String id() {
        return id;
    }
}

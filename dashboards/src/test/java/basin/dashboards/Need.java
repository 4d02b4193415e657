package basin.dashboards;

/** A requirement, besides a study that has run, for a query to return data. */
public enum Need {
    /** No further requirement. */
    NONE,
    /** A GPU with NVIDIA's exporter. */
    GPU,
    /** A firing alert rule. */
    ALERT
}

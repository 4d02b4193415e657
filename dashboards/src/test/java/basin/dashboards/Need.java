package basin.dashboards;

/** What must be there for a query to return data, beside a study that has run. */
public enum Need {
    /** Nothing more. */
    NONE,
    /** A GPU, and NVIDIA's exporter beside it. */
    GPU,
    /** Alert rules, one of which fires. */
    ALERT
}

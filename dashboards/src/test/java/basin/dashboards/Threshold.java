package basin.dashboards;

/**
 * From where on a value has a colour.
 *
 * @param from in the panel's unit
 * @param colour Grafana's name of it
 */
record Threshold(double from, String colour) {}

package basin.dashboards;

/**
 * A value from which on a colour applies.
 *
 * @param from value in the panel's unit
 * @param colour Grafana's name of the colour
 */
record Threshold(double from, String colour) {}

/**
 * Grafana's dashboards, generated as JSON from one definition of panels, queries and their places.
 * Depends on no other module of Basin. Tests compare the metric names that it uses with those of
 * the running services.
 */
@NullMarked
package basin.dashboards;

import org.jspecify.annotations.NullMarked;

/**
 * Grafana's dashboards, made from one source: panels, queries and their places as values, written as JSON. Depends on no
 * other room of Basin; what joins it to them are the names of metrics, which tests hold against the running services.
 */
@NullMarked
package basin.dashboards;

import org.jspecify.annotations.NullMarked;

/** The dashboards against a running pipeline. */
@NullMarked
package basin.it.dashboards;

import org.jspecify.annotations.NullMarked;

/** The dashboards against a running pipeline. */
@NullMarked
package basin.local.dashboards;

import org.jspecify.annotations.NullMarked;

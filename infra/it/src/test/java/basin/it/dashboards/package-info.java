/** Tests of the dashboards on a running pipeline. */
@NullMarked
package basin.it.dashboards;

import org.jspecify.annotations.NullMarked;

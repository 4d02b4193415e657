/** Administration of topics and share groups, and checks of a cluster's state. */
@NullMarked
package basin.log.admin;

import org.jspecify.annotations.NullMarked;

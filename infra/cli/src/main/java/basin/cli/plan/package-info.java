/** Cost estimates of studies. */
@NullMarked
package basin.cli.plan;

import org.jspecify.annotations.NullMarked;

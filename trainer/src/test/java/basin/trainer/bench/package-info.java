/** Speed, measured beside others; no part of the service. */
@NullMarked
package basin.trainer.bench;

import org.jspecify.annotations.NullMarked;

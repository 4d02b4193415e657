/** Tests of how processes end: by a signal, or because they are done. */
@NullMarked
package basin.it.stop;

import org.jspecify.annotations.NullMarked;

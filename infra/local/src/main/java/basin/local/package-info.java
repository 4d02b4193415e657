/** Everything in one JVM, and the command line. */
@NullMarked
package basin.local;

import org.jspecify.annotations.NullMarked;

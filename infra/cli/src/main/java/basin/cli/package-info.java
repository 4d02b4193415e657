/** Everything in one JVM, and the command line. */
@NullMarked
package basin.cli;

import org.jspecify.annotations.NullMarked;

/** The command line, and the whole pipeline in one JVM. */
@NullMarked
package basin.cli;

import org.jspecify.annotations.NullMarked;

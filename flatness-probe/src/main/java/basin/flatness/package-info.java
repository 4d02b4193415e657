/** The flatness probe service, which measures checkpoints as they are published. */
@NullMarked
package basin.flatness;

import org.jspecify.annotations.NullMarked;

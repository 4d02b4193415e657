/** Export of networks and their languages as folders that {@code transformers} opens. */
@NullMarked
package basin.language.export;

import org.jspecify.annotations.NullMarked;

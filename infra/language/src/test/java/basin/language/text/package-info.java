@NullMarked
package basin.language.text;

import org.jspecify.annotations.NullMarked;

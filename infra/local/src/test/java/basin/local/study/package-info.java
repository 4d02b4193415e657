/** Whole studies, from the study file to the table. */
@NullMarked
package basin.local.study;

import org.jspecify.annotations.NullMarked;

/** Tests of whole studies, from the study file to the table. */
@NullMarked
package basin.it.study;

import org.jspecify.annotations.NullMarked;

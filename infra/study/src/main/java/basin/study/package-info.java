/**
 * The specs of studies and the catalogues: estimators, comparisons, associations and quantities.
 * Each catalogue is one enum that every module reads. The classes behind the constants are bound by
 * exhaustive switches, so that the compiler reports what a new constant needs.
 */
@NullMarked
package basin.study;

import org.jspecify.annotations.NullMarked;

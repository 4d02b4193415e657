/**
 * The specs of studies and the catalogues: estimators, comparisons, associations and quantities.
 * Each catalogue is one enum that every module reads. The classes behind the constants are bound by
 * exhaustive switches, so that the compiler reports what a new constant needs. Also what every
 * module needs of a program: refusals, files that are written whole, and the steps of a shutdown.
 */
@NullMarked
package basin.study;

import org.jspecify.annotations.NullMarked;

/**
 * The catalogues: what an estimator, a comparison, an association and a metric are. One enum each, which every room reads; the classes
 * behind the constants are bound by exhaustive switches, so that the compiler lists what a new constant needs.
 */
@NullMarked
package basin.study;

import org.jspecify.annotations.NullMarked;

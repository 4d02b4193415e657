/**
 * Correlation inference over runs with one point per run: rank and linear correlations and their
 * differences, optionally within strata or given covariates, with permutation p-values and
 * confidence intervals.
 *
 * <p>All results are pure functions of a set of points and a named seed. Points are first sorted by
 * run id, and logarithms and exponentials use {@link java.lang.StrictMath}. The same set therefore
 * gives identical bits on every machine and in every order of arrival.
 */
@NullMarked
package basin.aggregator.statistics;

import org.jspecify.annotations.NullMarked;

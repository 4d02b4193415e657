/**
 * Correlation inference over runs, one point a run: rank and linear correlations, their difference, within strata and given
 * covariates, with permutation p-values and intervals.
 *
 * <p>Everything here is a pure function of a set of points and a named seed. Points are put in the order of their run ids
 * first, and logarithms and exponentials are {@link java.lang.StrictMath}'s, so the same set gives the same bits on every
 * machine and in every order of arrival.
 */
@NullMarked
package basin.aggregator.statistics;

import org.jspecify.annotations.NullMarked;

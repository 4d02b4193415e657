/** Tasks on a language: labelled sentences, what chance gets and what no classifier can beat. */
@NullMarked
package basin.evaluator.task;

import org.jspecify.annotations.NullMarked;

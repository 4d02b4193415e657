/** Downstream tasks on a language: labelled sentences, the chance level and the Bayes ceiling. */
@NullMarked
package basin.evaluator.task;

import org.jspecify.annotations.NullMarked;

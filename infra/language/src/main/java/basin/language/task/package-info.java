/** Probing tasks: labels of sentences, and the Bayes accuracy of predicting them. */
@NullMarked
package basin.language.task;

import org.jspecify.annotations.NullMarked;

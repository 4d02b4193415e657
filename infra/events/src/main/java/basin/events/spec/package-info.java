/** What was asked: study files and the run, estimator, task and protocol specifications that they expand to. */
@NullMarked
package basin.events.spec;

import org.jspecify.annotations.NullMarked;

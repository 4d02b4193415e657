/** What can be asked of a sentence: labels, and who knows them. */
@NullMarked
package basin.language.task;

import org.jspecify.annotations.NullMarked;

/** Study, question and manifest files: YAML and the data files that it names, read into specs. */
@NullMarked
package basin.study.file;

import org.jspecify.annotations.NullMarked;

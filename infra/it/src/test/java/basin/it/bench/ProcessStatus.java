package basin.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory statistics of a process from Linux. */
final class ProcessStatus {
    private ProcessStatus() {}

    /**
     * Returns a field of {@code /proc/PID/status} that is given in kibibytes, such as
     * {@code VmRSS}, in bytes.
     */
    static long bytes(ProcessHandle process, String field) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}

package basin.dashboards;

import java.util.Map;

/**
 * The dashboard of the processes: memory, garbage collection, threads, processors, HTTP, and GPUs
 * if there are any.
 */
final class ServicesBoard {
    private static final String OWN = "job=~\"$job\",instance=~\"$instance\"";
    private static final String EACH = "job, instance";
    private static final String WHO = "{{job}} {{instance}}";

    private ServicesBoard() {}

    static Dashboard board() {
        Dashboard board = Dashboard.of("services", "Services", "Resources that each process of the pipeline uses.");
        board.choose(Variable.values("job", "Service", "basin_build_info", "job", true));
        board.choose(Variable.values("instance", "Instance", "basin_build_info{job=~\"$job\"}", "instance", true));
        board.mark(new Annotation(
                "Restarts",
                "changes(process_start_time_seconds{" + OWN + "}[$__interval]) > 0",
                "orange",
                "{{job}} {{instance}} has restarted."));
        board.link("Basin's page", Boards.PAGE);
        up(board);
        memory(board);
        work(board);
        http(board);
        gpu(board);
        return board;
    }

    private static void up(Dashboard board) {
        board.section("Up");
        board.size(6, 5);
        board.add(Panel.numbers(
                        "Reachable instances",
                        Unit.NUMBER,
                        "Instances that Prometheus reaches. The number of started instances is better than fewer.")
                .ask(Query.instant("sum by (job) (up{" + OWN + "})", "{{job}}")));
        board.add(Panel.numbers("Up for", Unit.SECONDS, "Time since each process started. Longer is better.")
                .ask(Query.instant(each("process_uptime_seconds"), WHO)));
        board.size(12, 5);
        board.add(Panel.table(
                        "Builds", Unit.NUMBER, "Versions of services and Java. The same version everywhere is better.")
                .ask(Query.table("max by (job, instance, version, java) (basin_build_info{" + OWN + "})"))
                .sorted("service", false)
                .transform(
                        "organize",
                        Map.of(
                                "excludeByName",
                                Map.of("Time", true, "Value", true),
                                "indexByName",
                                Map.of("job", 0, "instance", 1, "version", 2, "java", 3),
                                "renameByName",
                                Map.of("job", "service", "java", "Java"))));
    }

    private static void memory(Dashboard board) {
        board.section("Memory");
        board.size(8, 8);
        board.add(Panel.lines(
                        "Heap",
                        Unit.BYTES,
                        "Memory used by Java objects, and its limit. Well below the limit is better.")
                .from(0)
                .ask(Query.range(sum("jvm_memory_used_bytes", "area=\"heap\""), WHO + " used"))
                .ask(Query.range(sum("jvm_memory_max_bytes", "area=\"heap\""), WHO + " limit")));
        board.add(Panel.lines(
                        "Process and native memory",
                        Unit.BYTES,
                        "Resident memory of the process, and that without the committed heap: tensors, code,"
                                + " buffers, stacks. Flat is better; a second line that keeps rising is a leak"
                                + " of native memory.")
                .from(0)
                .ask(Query.range(each("process_resident_memory_bytes"), WHO + " process"))
                .ask(Query.range(
                        each("process_resident_memory_bytes") + " - "
                                + sum("jvm_memory_committed_bytes", "area=\"heap\""),
                        WHO + " native")));
        board.add(Panel.lines(
                        "Java outside the heap",
                        Unit.BYTES,
                        "Classes and compiled code, and direct buffers. Flat is better.")
                .from(0)
                .ask(Query.range(sum("jvm_memory_used_bytes", "area=\"nonheap\""), WHO + " classes and code"))
                .ask(Query.range(sum("jvm_buffer_memory_used_bytes", "id=\"direct\""), WHO + " buffers")));
    }

    private static void work(Dashboard board) {
        board.section("Garbage collection, threads, processors");
        board.size(8, 8);
        board.add(Panel.lines(
                        "Paused by garbage collection",
                        Unit.SHARE,
                        "Share of the time in which all threads were paused. Lower is better.")
                .from(0)
                .ask(Query.range(rate("jvm_gc_pause_seconds_sum"), WHO)));
        board.add(Panel.lines(
                        "Allocation",
                        Unit.BYTES_PER_SECOND,
                        "Allocated heap per second. Lower is better: garbage costs pauses.")
                .from(0)
                .ask(Query.range(rate("jvm_gc_memory_allocated_bytes_total"), WHO)));
        board.add(Panel.lines(
                        "Threads", Unit.THREADS, "Live threads. Flat is better; a line that keeps rising is a leak.")
                .from(0)
                .ask(Query.range(sum("jvm_threads_live_threads", ""), WHO + " live"))
                .ask(Query.range(sum("jvm_threads_states_threads", "state=\"blocked\""), WHO + " blocked")));
        board.size(12, 8);
        board.add(Panel.lines(
                        "Processors taken",
                        Unit.SHARE,
                        "Share of the machine's processors used by this process and by all. High is better while a"
                                + " study runs: slots are in use.")
                .between(0, 1)
                .ask(Query.range(each("process_cpu_usage"), WHO))
                .ask(Query.range("max(system_cpu_usage{" + OWN + "})", "whole machine")));
        board.add(Panel.lines(
                        "Load for each processor",
                        Unit.NUMBER,
                        "Runnable threads divided by processors. About 1 is better; far above, they" + " compete.")
                .from(0)
                .ask(Query.range("max(system_load_average_1m{" + OWN + "}) / max(system_cpus{" + OWN + "})", "load")));
    }

    private static void http(Dashboard board) {
        board.section("HTTP");
        board.size(12, 8);
        board.add(Panel.lines(
                        "Requests",
                        Unit.REQUESTS_PER_SECOND,
                        "Answered requests per second, by status. Statuses of 500 and above are worse.")
                .from(0)
                .ask(Query.range(
                        "sum by (job, code) (rate(vertx_http_server_requests_total{" + OWN + "}[$__rate_interval]))",
                        "{{job}} {{code}}")));
        board.add(Panel.lines(
                        "Response time",
                        Unit.SECONDS,
                        "Mean time to an answer. Lower is better; streams of the page are long, and count when they"
                                + " end.")
                .from(0)
                .ask(Query.range(
                        "sum by (job) (increase(vertx_http_server_response_time_seconds_sum{" + OWN
                                + "}[5m])) / sum by (job)"
                                + " (increase(vertx_http_server_response_time_seconds_count{"
                                + OWN + "}[5m]))",
                        "{{job}}")));
    }

    private static void gpu(Dashboard board) {
        board.folded("GPU");
        board.size(6, 8);
        board.add(Panel.lines(
                        "GPU utilisation",
                        Unit.SHARE,
                        "Share of the time in which a kernel ran. Higher is better while a study runs.")
                .between(0, 1)
                .ask(Query.range("max by (gpu) (DCGM_FI_DEV_GPU_UTIL) / 100", "GPU {{gpu}}")));
        board.add(Panel.lines("GPU memory", Unit.BYTES, "Frame buffer in use. Well below the card's memory is better.")
                .from(0)
                .ask(Query.range("max by (gpu) (DCGM_FI_DEV_FB_USED) * 1048576", "GPU {{gpu}}")));
        board.add(Panel.lines("GPU temperature", Unit.CELSIUS, "Of the chip. Lower is better; a hot card slows down.")
                .ask(Query.range("max by (gpu) (DCGM_FI_DEV_GPU_TEMP)", "GPU {{gpu}}")));
        board.add(Panel.lines("GPU power", Unit.WATT, "Drawn by the card. Lower for the same throughput is better.")
                .from(0)
                .ask(Query.range("max by (gpu) (DCGM_FI_DEV_POWER_USAGE)", "GPU {{gpu}}")));
    }

    private static String each(String metric) {
        return "max by (" + EACH + ") (" + metric + "{" + OWN + "})";
    }

    private static String sum(String metric, String more) {
        return "sum by (" + EACH + ") (" + metric + "{" + OWN + (more.isEmpty() ? "" : "," + more) + "})";
    }

    private static String rate(String metric) {
        return "sum by (" + EACH + ") (rate(" + metric + "{" + OWN + "}[$__rate_interval]))";
    }
}

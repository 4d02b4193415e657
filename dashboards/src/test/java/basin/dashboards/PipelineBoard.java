package basin.dashboards;

/** The dashboard of the pipeline: throughput, queues and errors, summed over all instances. */
final class PipelineBoard {
    private static final String TOPIC = "topic=~\"$topic\"";

    private PipelineBoard() {}

    static Dashboard board() {
        Dashboard board = Dashboard.of("pipeline", "Pipeline", "Throughput, queues and faults of the pipeline.");
        board.choose(Variable.values("topic", "Work of", "basin_work_in_flight_items", "topic", true));
        board.mark(new Annotation(
                "Dead letters",
                "sum by (topic, kind) (increase(basin_dead_letters_records_total[$__interval])) > 0",
                "red",
                "A record of {{topic}} became a dead letter: {{kind}}."));
        board.mark(new Annotation(
                "Runs ended",
                "changes(basin_study_ended_runs[$__interval]) > 0",
                "light-blue",
                "A run of {{study}} has finished or failed."));
        board.link("Basin's page", Boards.PAGE);
        now(board);
        flow(board);
        trouble(board);
        durations(board);
        return board;
    }

    private static void now(Dashboard board) {
        board.section("Now");
        board.size(5, 4);
        board.add(Panel.numbers(
                        "Behind the record",
                        Unit.RECORDS,
                        "Records that the aggregator has not folded yet. Zero is better; otherwise"
                                + " tables are older than the record.")
                .threshold(1000, "orange")
                .ask(Query.instant("sum(basin_event_lag_records)", "lag")));
        board.add(Panel.numbers(
                        "Age of the fold",
                        Unit.SECONDS,
                        "Seconds since the aggregator last folded an event, or found nothing new to fold. Near"
                                + " zero is better.")
                .threshold(60, "red")
                .ask(Query.instant("max(basin_fold_age_seconds)", "age")));
        board.add(Panel.numbers(
                        "Given up",
                        Unit.RECORDS,
                        "Records written to the dead-letter topic since the services started. Zero is better.")
                .threshold(1, "red")
                .ask(Query.instant("sum(basin_dead_letters_records_total) or vector(0)", "dead letters")));
        board.add(Panel.numbers(
                        "Conflicts",
                        Unit.EVENTS,
                        "Event ids with more than one content. Zero is better: a measurement was not" + " repeatable.")
                .threshold(1, "red")
                .ask(Query.instant("max(basin_conflicts_known_events)", "conflicts")));
        board.size(4, 4);
        board.add(Panel.numbers(
                        "Not whole",
                        Unit.FAULTS,
                        "Reasons why the record lacks records or may lose them; infra/basin doctor lists them. Zero is"
                                + " better: otherwise numbers describe the remaining records.")
                .threshold(1, "red")
                .ask(Query.instant("sum(max by (kind) (basin_record_faults{kind!=\"tuning\"}))", "faults")));
    }

    private static void flow(Dashboard board) {
        board.section("Flow");
        board.size(12, 8);
        board.add(Panel.lines(
                        "Events folded",
                        Unit.EVENTS_PER_SECOND,
                        "New events per second by topic. More is better; zero means that a running study"
                                + " stands still.")
                .from(0)
                .ask(Query.range(
                        "sum by (topic) (rate(basin_events_total{outcome=\"taken\"}[$__rate_interval]))",
                        "{{topic}}")));
        board.add(Panel.lines(
                        "Work items",
                        Unit.ITEMS_PER_SECOND,
                        "Deliveries per second by outcome. More done is better; after another outcome the work is"
                                + " repeated.")
                .from(0)
                .ask(Query.range(
                        "sum by (topic, outcome) (rate(basin_work_items_total{" + TOPIC + "}[$__rate_interval]))",
                        "{{topic}} {{outcome}}")));
        board.size(8, 8);
        board.add(Panel.lines(
                        "Work in flight",
                        Unit.ITEMS,
                        "Work items that workers hold, waiting or in progress. Steady and above zero is better"
                                + " while a study runs.")
                .from(0)
                .ask(Query.range("sum by (topic) (basin_work_in_flight_items{" + TOPIC + "})", "{{topic}}")));
        board.add(Panel.lines(
                        "Slots",
                        Unit.ITEMS,
                        "Work items in progress, work items that wait for a slot, and all slots. All slots used and"
                                + " few waiting is better.")
                .from(0)
                .ask(Query.range("sum(basin_work_slots_taken_items)", "at work"))
                .ask(Query.range("sum(basin_work_slots_waiting_items)", "waiting"))
                .ask(Query.range("sum(basin_work_slots_items)", "slots")));
        board.add(Panel.lines(
                        "Lag of the fold",
                        Unit.RECORDS,
                        "Records not folded yet. Near zero is better; a line that keeps rising means that the"
                                + " aggregator is too slow.")
                .mostlyZero()
                .ask(Query.range("sum(basin_event_lag_records)", "lag")));
        board.size(24, 7);
        board.add(Panel.lines(
                        "Missing measurements",
                        Unit.ITEMS,
                        "Requested measurements that are not done, by study. Falling to zero is"
                                + " better; rising means that training is faster than measuring.")
                .from(0)
                .ask(Query.range(
                        "max by (study) (basin_study_wanted_measurements) - max by (study)"
                                + " (basin_study_done_measurements)",
                        "{{study}}")));
    }

    private static void trouble(Dashboard board) {
        board.section("Trouble");
        board.size(8, 8);
        board.add(Panel.lines(
                        "Retried and lost",
                        Unit.ITEMS,
                        "Deliveries in the last five minutes that did not finish their work item, which is then"
                                + " delivered again. Zero is better.")
                .mostlyZero()
                .ask(Query.range(
                        "sum by (topic, outcome) (increase(basin_work_items_total{outcome!=\"done\"," + TOPIC
                                + "}[5m])) or label_replace(vector(0), \"outcome\", \"none\", \"\", \"\")",
                        "{{topic}} {{outcome}}")));
        board.add(Panel.lines(
                        "Renewals",
                        Unit.ITEMS_PER_SECOND,
                        "Lock renewals per second. Work items longer than a third of the lock's duration renew it;"
                                + " neither more nor less is better, but without renewals long work items would lose"
                                + " them.")
                .from(0)
                .ask(Query.range(
                        "sum by (topic) (rate(basin_work_renewals_total{" + TOPIC
                                + "}[$__rate_interval])) or label_replace(vector(0), \"topic\", \"none\", \"\","
                                + " \"\")",
                        "{{topic}}")));
        board.add(Panel.lines(
                        "Dead letters, conflicts, unreadable events",
                        Unit.EVENTS,
                        "Since the services started. Zero is better, all three.")
                .mostlyZero()
                .ask(Query.range("sum(basin_dead_letters_records_total) or vector(0)", "dead letters"))
                .ask(Query.range("max(basin_conflicts_known_events)", "conflicts"))
                .ask(Query.range("sum(basin_events_total{outcome=\"malformed\"}) or vector(0)", "unreadable")));
    }

    private static void durations(Dashboard board) {
        board.section("Duration of work items");
        board.add(12, 8, duration("Flatness of a checkpoint", "basin_probe_seconds", "estimator", "{{estimator}}"));
        board.add(
                12,
                8,
                duration(
                        "Evaluation of a checkpoint",
                        "basin_evaluation_seconds",
                        "task, protocol",
                        "{{task}} {{protocol}}"));
    }

    private static Panel duration(String title, String metric, String labels, String legend) {
        String mean = "sum by (" + labels + ") (increase(" + metric + "_sum[5m])) / sum by (" + labels + ") (increase("
                + metric + "_count[5m]))";
        return Panel.lines(
                        title,
                        Unit.SECONDS,
                        "Mean of the last five minutes, and the longest. Shorter is better; a sudden increase"
                                + " means that work items compete for the processors.")
                .from(0)
                .ask(Query.range(mean, legend))
                .ask(Query.range("max by (" + labels + ") (" + metric + "_max)", legend + " longest"));
    }
}

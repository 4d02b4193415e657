"""Joins Basin's pipeline from outside: takes checkpoints out of the log, and puts flatness measured by another program into it.

    pip install -r requirements.txt
    python3 join.py fetch   --bootstrap HOST:PORT --study STUDY --out DIR
    python3 join.py publish --bootstrap HOST:PORT --study STUDY --as lab/hessian MEASURED.csv

'fetch' writes each checkpoint's weights as DIR/RUN-STEP.safetensors and lists them in DIR/checkpoints.csv. 'publish' reads a CSV with the
columns run, step, quantity, value, stderr, low, high, confidence, effective_rank (may be empty), estimator_version, one line a measurement,
and writes one FlatnessMeasured event a line, as an answer to the study's own question. Doing either twice changes nothing.
"""
import argparse
import csv
import json
import os
import sys

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

import basin_events as basin

MOST_EVENT_BYTES = 1 << 20


def consumer(bootstrap):
    return KafkaConsumer(
        bootstrap_servers=bootstrap, group_id=None, enable_auto_commit=False, auto_offset_reset="earliest", consumer_timeout_ms=30000
    )


def records(bootstrap, topic):
    """Every record that is on the topic now."""
    reader = consumer(bootstrap)
    try:
        numbers = reader.partitions_for_topic(topic)
        if not numbers:
            raise SystemExit("There is no topic %s: make Basin's topics first." % topic)
        partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
        reader.assign(partitions)
        reader.seek_to_beginning(*partitions)
        ends = reader.end_offsets(partitions)
        while any(reader.position(one) < ends[one] for one in partitions):
            for batch in reader.poll(timeout_ms=1000).values():
                yield from batch
    finally:
        reader.close()


def events(bootstrap, topic):
    """Every event on the topic with its record; what is none is left to Basin's aggregator, which reports it."""
    for record in records(bootstrap, topic):
        if record.value is None or len(record.value) > MOST_EVENT_BYTES:
            continue
        try:
            event = json.loads(record.value)
        except ValueError:
            continue
        if isinstance(event, dict) and event.get("schema") == 1:
            yield record, event


def find_study(bootstrap, name_or_id):
    """The study's specification and its runs: by id, how many parameters each has."""
    study, study_id = None, None
    for record, event in events(bootstrap, "basin.study"):
        known = record.key.decode()
        if event["type"] == "StudySubmitted" and name_or_id in (known, event["study"]["name"]):
            study, study_id = event["study"], known
    if study is None:
        raise SystemExit("No study '%s' is recorded." % name_or_id)
    runs = {
        event["runId"]: event["parameters"]
        for _, event in events(bootstrap, "basin.run")
        if event["type"] == "RunDeclared" and event["studyId"] == study_id
    }
    return study_id, study, runs


def checkpoints(bootstrap, runs):
    """The runs' checkpoints: by run and step, the event and its record's headers."""
    found = {}
    for record, event in events(bootstrap, "basin.checkpoint"):
        if event["type"] == "CheckpointPublished" and event["runId"] in runs:
            found[event["runId"], event["step"]] = event, {name: value.decode() for name, value in record.headers}
    return found


def weights(reader, event, headers):
    """The checkpoint's weights from where its headers say that they lie, held against their hash."""
    partition = TopicPartition(headers["basin_blob_topic"], int(headers["basin_blob_partition"]))
    last = int(headers["basin_blob_last_offset"])
    reader.assign([partition])
    reader.seek(partition, int(headers["basin_blob_first_offset"]))
    chunks = []
    while reader.position(partition) <= last:
        for batch in reader.poll(timeout_ms=1000).values():
            for record in batch:
                said = {name: value.decode() for name, value in record.headers}
                if said.get("basin_chunk_of_sha256") == event["weights"]["sha256"]:
                    chunks.append((int(said["basin_chunk_index"]), record.value))
    return basin.assemble(event["weights"], chunks)


def fetch(arguments):
    _, _, runs = find_study(arguments.bootstrap, arguments.study)
    os.makedirs(arguments.out, exist_ok=True)
    reader = consumer(arguments.bootstrap)
    with open(os.path.join(arguments.out, "checkpoints.csv"), "w", newline="", encoding="utf-8") as listed:
        lines = csv.writer(listed)
        lines.writerow(["run", "step", "loss", "file"])
        for (run, step), (event, headers) in sorted(checkpoints(arguments.bootstrap, runs).items()):
            name = "%s-%d.safetensors" % (run, step)
            with open(os.path.join(arguments.out, name), "wb") as out:
                out.write(weights(reader, event, headers))
            lines.writerow([run, step, event["excess"]["value"], name])
            print("%s step %d: %d bytes" % (run, step, event["weights"]["bytes"]))
    reader.close()


def measured(line, asked, platform, parameters):
    """A line of the CSV as an event."""
    rank = line["effective_rank"].strip()
    return {
        "schema": 1,
        "type": "FlatnessMeasured",
        "runId": line["run"],
        "step": int(line["step"]),
        "requested": asked,
        "platform": platform,
        "quantity": line["quantity"],
        "value": {"value": float(line["value"]), "standardError": float(line["stderr"])},
        "interval": {"low": float(line["low"]), "high": float(line["high"]), "confidence": float(line["confidence"])},
        "effectiveRank": float(rank) if rank else None,
        "parameters": parameters,
        "version": int(line["estimator_version"]),
    }


def publish(arguments):
    study_id, study, runs = find_study(arguments.bootstrap, arguments.study)
    known = checkpoints(arguments.bootstrap, runs)
    asked = next((one for one in study["flatness"] if one["estimator"] == arguments.estimator), None)
    if asked is None:
        raise SystemExit("The study does not ask for the estimator '%s'." % arguments.estimator)
    written = []
    with open(arguments.file, newline="", encoding="utf-8") as file:
        for number, line in enumerate(csv.DictReader(file), start=2):
            if (line["run"], int(line["step"])) not in known:
                raise SystemExit("Line %d names run %s at step %s, of which the study has no checkpoint." % (number, line["run"], line["step"]))
            written.append(measured(line, asked, study["platform"], runs[line["run"]]))
    # acks=all: what is acknowledged is not lost. Without idempotence a retry may write twice, which changes nothing here.
    producer = KafkaProducer(bootstrap_servers=arguments.bootstrap, acks="all")
    sent = []
    for event in written:
        identity = basin.flatness_id(event["runId"], event["step"], asked, study["platform"], event["quantity"], event["version"])
        sent.append(
            producer.send(
                "basin.flatness",
                key=event["runId"].encode(),
                value=basin.event_bytes(event),
                headers=basin.headers(
                    "FlatnessMeasured", identity, arguments.source, study=study_id, run=event["runId"], checkpoint=event["step"]
                ),
            )
        )
    producer.flush()
    for one in sent:
        one.get(timeout=30)
    producer.close()
    print("%d measurements are recorded." % len(sent))


def main():
    parser = argparse.ArgumentParser(description="Joins Basin's pipeline from outside.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, does in (("fetch", fetch), ("publish", publish)):
        command = commands.add_parser(name)
        command.set_defaults(does=does)
        command.add_argument("--bootstrap", required=True, metavar="HOST:PORT")
        command.add_argument("--study", required=True)
    commands.choices["fetch"].add_argument("--out", required=True, metavar="DIR")
    commands.choices["publish"].add_argument("--as", dest="source", required=True, metavar="NAME", help="who measured")
    commands.choices["publish"].add_argument("--estimator", default="paired", help="which of the study's questions is answered")
    commands.choices["publish"].add_argument("file", metavar="MEASURED.csv")
    arguments = parser.parse_args()
    arguments.does(arguments)


if __name__ == "__main__":
    sys.exit(main())

"""Basin's events in plain Python: canonical JSON, ids, and weights out of chunks. Standard library only.

    python3 basin_events.py vectors.json    # holds this file against the ids that Basin itself computes
"""
import hashlib
import json
import math
import sys

SEPARATOR = "\x1f"


def double_text(value):
    """A float as Java writes it: 0.1, 100.0, 1.0E-6, 1.2345E8."""
    if not math.isfinite(value):
        raise ValueError("JSON has no form for %r" % value)
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    sign = "-" if value < 0 else ""
    mantissa, exponent = ("%r" % abs(value)).lower(), 0
    if "e" in mantissa:
        mantissa, written = mantissa.split("e")
        exponent = int(written)
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # The value is 0.DIGITS times ten to the power of this.
    power = len(whole) + exponent - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0") or "0"
    if -2 <= power <= 7:
        padded = "0" * max(0, 1 - power) + digits + "0" * max(0, power - len(digits))
        point = max(power, 1)
        return sign + padded[:point] + "." + (padded[point:] or "0")
    return "%s%s.%sE%d" % (sign, digits[0], digits[1:] or "0", power - 1)


def canonical(value):
    """Canonical JSON: no blanks, fields in the order of their names (a 'kind' before all others), numbers as Java writes them."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: (name != "kind", name))
        return "{" + ",".join(json.dumps(name) + ":" + canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(one) for one in value) + "]"
    if isinstance(value, float):
        return double_text(value)
    return json.dumps(value, ensure_ascii=False)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def spec_hash(value):
    """16 hexadecimal digits that stand for a specification, such as an estimator with its settings."""
    return sha256(canonical(value).encode())[:16]


def event_id(*parts):
    """32 hexadecimal digits: what an event is about and what was asked."""
    return sha256(SEPARATOR.join(str(part) for part in parts).encode())[:32]


def flatness_id(run, step, asked, platform, quantity, version=1):
    """Results of several versions of an estimator are several events; the newest answers the question."""
    question = event_id("FlatnessMeasured", run, step, spec_hash(asked), spec_hash(platform), quantity)
    return question if version == 1 else event_id(question, version)


def downstream_id(run, step, task, protocol, platform):
    return event_id("DownstreamMeasured", run, step, spec_hash(task), spec_hash(protocol), spec_hash(platform))


def event_bytes(event):
    """An event's value; readers do not mind the order of its fields."""
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def headers(event_type, identity, source, **more):
    """CloudEvents headers, and Basin's own."""
    named = {
        "ce_id": identity,
        "ce_type": "basin." + event_type,
        "ce_source": source,
        "ce_specversion": "1.0",
    }
    named.update({"basin_" + name: str(value) for name, value in more.items()})
    return [(name, value.encode()) for name, value in named.items()]


def assemble(weights, chunks):
    """A checkpoint's safetensors out of its chunks, (index, bytes) each, in any order and however often they come."""
    parts = dict(chunks)
    missing = [index for index in range(weights["chunks"]) if index not in parts]
    if missing:
        raise ValueError("chunk %d of %d is missing" % (missing[0], weights["chunks"]))
    whole = b"".join(parts[index] for index in range(weights["chunks"]))
    if len(whole) != weights["bytes"] or sha256(whole) != weights["sha256"]:
        raise ValueError("the chunks are not the weights that the checkpoint names")
    return whole


def check(vectors):
    for one in vectors["doubles"]:
        expect(one["text"], double_text(float(one["value"])), one)
    for one in vectors["specifications"]:
        expect(one["canonical"], canonical(one["value"]), one)
        expect(one["hash"], spec_hash(one["value"]), one)
    for one in vectors["ids"]:
        expect(one["id"], event_id(*one["parts"]), one)
    flatness, downstream = vectors["flatness"], vectors["downstream"]
    question = [flatness[name] for name in ("run", "step", "requested", "platform", "quantity")]
    expect(flatness["id"], flatness_id(*question), flatness)
    expect(flatness["idOfVersion2"], flatness_id(*question, version=2), flatness)
    expect(
        downstream["id"],
        downstream_id(*(downstream[name] for name in ("run", "step", "task", "protocol", "platform"))),
        downstream,
    )


def expect(expected, actual, about):
    if expected != actual:
        raise SystemExit("expected %s and got %s for %s" % (expected, actual, json.dumps(about)))


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        check(json.load(file))
    print("All ids agree.")

#!/usr/bin/env python3
"""The main pipeline, statement by statement as a user types it, with schemas that change while it runs and a restart in the middle.

    evolution.py BUILD            on the embedded log, or on the broker in BROKERS; with the embedded registry, or with the one in REGISTRY

The Avro encoder here and the expected events are apart from weir's own.
"""
import copy
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from program import Server, b64, stop_all, values  # noqa: E402

WEIR = os.path.join(sys.argv[1], "weir")
SOURCES = """create stream `stg_submit` with (kafka_topic='EVENT_MYSQL.EVENT.SUBMIT', value_format='AVRO');
create stream `stg_name` with (kafka_topic='EVENT_MYSQL.EVENT.NAME', value_format='AVRO');
"""
TABLE = """create table `tb_event_name` with (kafka_topic='TABLE.EVENT.NAME', key_format='AVRO', value_format='AVRO', partitions=1) as
  select AFTER->ID as `id`, latest_by_offset(AFTER->NAME) as `name` from `stg_name` where AFTER->ID is not null group by AFTER->ID emit changes;
"""
JOIN = """create stream `stm_event_name_join` with (kafka_topic='STREAM.EVENT.JOIN', key_format='JSON', value_format='JSON', partitions=1) as
  select s.after->user_id as `user_id`, e.`name` as `event_name`, s.after->created_at as `event_time`,
  from `stg_submit` s left join `tb_event_name` e on s.after->event_id = e.`id`
  where (s.op = 'r' or s.op = 'c') and s.after->event_id is not null and e.`id` is not null
  partition by s.after->user_id emit changes;
"""


def envelope(table, fields):
    row = {"type": "record", "name": "Value", "fields": fields, "connect.name": f"EVENT_MYSQL.EVENT.{table}.Value"}
    snapshot = {"type": "string", "connect.version": 1, "connect.default": "false", "connect.name": "io.debezium.data.Enum"}
    source = {"type": "record", "name": "Source", "namespace": "io.debezium.connector.mysql",
              "fields": [{"name": "version", "type": "string"}, {"name": "snapshot", "type": [snapshot, "null"], "default": "false"},
                         {"name": "gtid", "type": ["null", "string"], "default": None}, {"name": "pos", "type": "long"}]}
    return {"type": "record", "name": "Envelope", "namespace": f"EVENT_MYSQL.EVENT.{table}",
            "fields": [{"name": "before", "type": ["null", row], "default": None}, {"name": "after", "type": ["null", "Value"], "default": None},
                       {"name": "source", "type": source}, {"name": "op", "type": "string"}, {"name": "ts_ms", "type": ["null", "long"], "default": None}]}


def column(name, kind, nullable=False):
    return {"name": name, "type": ["null", kind], "default": None} if nullable else {"name": name, "type": kind}


def encode_long(n):
    n, out = (n << 1) ^ (n >> 63), b""
    while n > 0x7F:
        out, n = out + bytes([n & 0x7F | 0x80]), n >> 7
    return out + bytes([n])


def encode(schema, value, names):
    if isinstance(schema, list):
        branch = next(i for i, s in enumerate(schema) if (s == "null") == (value is None))
        return encode_long(branch) + encode(schema[branch], value, names)
    kind = schema["type"] if isinstance(schema, dict) else schema
    if kind == "record":
        names[schema["name"]] = schema
        return b"".join(encode(f["type"], value.get(f["name"]), names) for f in schema["fields"])
    if kind == "null":
        return b""
    if kind in ("int", "long"):
        return encode_long(value)
    if kind == "string":
        return encode_long(len(value.encode())) + value.encode()
    return encode(names[kind], value, names)


def register_names(schema, names):
    """The types of fields that a record leaves NULL are defined all the same."""
    if isinstance(schema, list):
        [register_names(s, names) for s in schema]
    elif isinstance(schema, dict) and schema["type"] == "record":
        names[schema["name"]] = schema
        [register_names(f["type"], names) for f in schema["fields"]]
    return names


class Source:
    """One table's topic: what Debezium would write, by the schema of the moment."""

    def __init__(self, server, table, columns):
        self.server, self.table, self.topic, self.columns = server, table, "EVENT_MYSQL.EVENT." + table, columns
        self.evolve(columns)

    def evolve(self, columns):
        self.columns, self.schema = columns, envelope(self.table, columns)
        self.id = self.server.register(self.topic + "-value", copy.deepcopy(self.schema))

    def write(self, *events):
        """Events are (op, before, after), or None for a tombstone."""
        records = []
        for event in events:
            if event is None:
                records.append({"key": "k", "value": None})
                continue
            op, before, after = event
            value = {"before": before, "after": after, "op": op, "ts_ms": 1710928800000,
                     "source": {"version": "3.0.8", "snapshot": "true" if op == "r" else None, "gtid": None, "pos": -5}}
            data = encode(self.schema, value, register_names(self.schema, {}))
            records.append({"key": "k", "value_base64": b64(b"\0" + self.id.to_bytes(4, "big") + data)})
        self.server.produce(self.topic, records)


def submit(i, user, event, **more):
    return {"id": i, "user_id": user, "event_id": event, "created_at": f"2024-03-20T10:00:{i:02}Z", **more}


def watch(server):
    """The terminal client on the push query: lines as they come, until it is stopped."""
    return subprocess.Popen([WEIR, "sql", "--server", server.url, "--output", "json", "-e", "SET 'auto.offset.reset'='earliest'; select * from `stg_submit` emit changes;"],
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def play(folder):
    server = Server(WEIR, folder)
    id_column, event = column("id", "long"), [column("user_id", "int", True), column("event_id", "int", True)]
    names = Source(server, "NAME", [column("id", "int"), column("name", "string", True)])
    submits = Source(server, "SUBMIT", [id_column, *event, column("created_at", "string", True)])
    for source in (names, submits):
        subprocess.run([WEIR, "topic", "create", source.topic, *server.where], check=True, capture_output=True)
    names.write(("r", None, {"id": 1, "name": "봄 맞이 이벤트"}), ("r", None, {"id": 2, "name": "가을"}))
    submits.write(("r", None, submit(1, 1, 1)), ("r", None, submit(2, 1, None)), ("r", None, submit(3, 2, 9)))

    server.sql(SOURCES)
    shown = server.sql("show streams;")
    assert "stg_submit" in shown and "stg_name" in shown and "EVENT_MYSQL.EVENT.NAME" in shown, shown
    server.sql("SET 'auto.offset.reset'='earliest';\n" + TABLE + JOIN)
    assert "tb_event_name" in server.sql("show tables;")
    expected = [("1", "봄 맞이 이벤트", submit(1, 1, 1)["created_at"])]
    server.wait_for("STREAM.EVENT.JOIN", 1, 40)

    # A row is renamed, deleted rows and tombstones change nothing; then both tables get columns, one of them in the middle.
    names.write(("u", {"id": 2, "name": "가을"}, {"id": 2, "name": "가을 🍂"}), ("c", None, {"id": 3, "name": None}), ("d", {"id": 3, "name": None}, None), None)
    server.wait_for("TABLE.EVENT.NAME", 4, 40)
    submits.write(("u", submit(1, 1, 1), submit(1, 1, 2)), ("d", submit(3, 2, 9), None), None, ("c", None, submit(4, 7, 2)))
    expected.append(("7", "가을 🍂", submit(4, 7, 2)["created_at"]))
    server.wait_for("STREAM.EVENT.JOIN", 2, 40)
    submits.evolve([id_column, column("channel", "string", True), *event, column("created_at", "string", True), column("score", "long", True)])
    names.evolve([column("id", "int"), column("kind", "string", True), column("name", "string", True)])
    names.write(("c", None, {"id": 4, "kind": "x", "name": "넷"}))
    server.wait_for("TABLE.EVENT.NAME", 5, 40)
    submits.write(("c", None, submit(5, 8, 4, channel="앱", score=-3)), ("c", None, submit(6, 8, 3)), ("c", None, submit(7, -2, 1, channel="web")))
    expected += [("8", "넷", submit(5, 8, 4)["created_at"]), ("8", None, submit(6, 8, 3)["created_at"]), ("-2", "봄 맞이 이벤트", submit(7, -2, 1)["created_at"])]
    server.wait_for("STREAM.EVENT.JOIN", len(expected), 40)

    client = watch(server)
    seen, last = "", submit(7, -2, 1)["created_at"]
    while last not in seen:
        line = client.stdout.readline()
        assert line, seen
        seen += line
    client.kill()
    client.wait()

    # After a restart it goes on where it stood.
    server.stop()
    server = names.server = submits.server = Server(WEIR, folder)
    submits.write(("c", None, submit(8, 9, 2, score=1)))
    expected.append(("9", "가을 🍂", submit(8, 9, 2)["created_at"]))
    found = server.wait_for("STREAM.EVENT.JOIN", len(expected), 60)
    got = [(r["key"], v["event_name"], v["event_time"]) for r, v in zip(found, values(found))]
    assert got == expected, f"\nfound    {got}\nexpected {expected}"
    table = server.sql("select * from `tb_event_name`;")
    assert all(text in table for text in ("봄 맞이 이벤트", "가을 🍂", "넷")), table
    server.stop()
    print(f"{len(expected)} events through two schema changes and a restart")


def main():
    folder = tempfile.mkdtemp(prefix="weir-evolution-")
    try:
        play(folder)
    finally:
        stop_all()
    shutil.rmtree(folder)


main()

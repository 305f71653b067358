#!/usr/bin/env python3
"""The three pipelines of the tutorial over change events that a real Debezium wrote, in Avro with given schema ids and in JSON.

    debezium.py BUILD            on the embedded log, or on the broker in BROKERS; with the embedded registry, or with the one in REGISTRY

A registry of other people gives ids of its own: the records are given those. What must come out is computed here, from the JSON events alone.
"""
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "debezium")
TABLES = ["event.name", "event.submit", "public.user_option"]
PIPELINES = """
SET 'auto.offset.reset'='earliest';
create table `tb_name_{x}` with (kafka_topic='NAMES_{x}', key_format='{k}', value_format='{k}', partitions=1) as
  select AFTER->ID as `id`, latest_by_offset(AFTER->NAME) as `name` from `stg_name_{x}` where AFTER->ID is not null group by AFTER->ID emit changes;
create stream `submits_{x}` with (kafka_topic='SUBMITS_{x}', key_format='JSON', value_format='JSON', partitions=1) as
  select s.after->user_id as `user_id`, e.`name` as `event_name`, s.after->created_at as `event_time`,
  from `stg_submit_{x}` s left join `tb_name_{x}` e on s.after->event_id = e.`id`
  where (s.op = 'r' or s.op = 'c') and s.after->event_id is not null and e.`id` is not null
  partition by s.after->user_id emit changes;
create table `tb_first_{x}` with (kafka_topic='FIRST_TABLE_{x}', key_format='JSON', value_format='JSON', partitions=1) as
  select after->user_id as `user_id`, earliest_by_offset(after->id) as `submit_id` from `stg_submit_{x}` where op = 'r' or op = 'c'
  group by after->user_id having count(*) = 1 emit changes;
create stream `first_changes_{x}` (`user_id` int key, `submit_id` bigint) with (kafka_topic='FIRST_TABLE_{x}', key_format='JSON', value_format='JSON');
create stream `first_{x}` with (kafka_topic='FIRST_{x}', key_format='JSON', value_format='JSON', partitions=1) as
  select * from `first_changes_{x}` where `submit_id` is not null emit changes;
create stream `options_{x}` with (kafka_topic='OPTIONS_{x}', key_format='JSON', value_format='JSON', partitions=1) as
  select after->user_id as `user_id`, after->option_key as `option`, after->enabled as `enabled` from `stg_option_{x}`
  where op = 'c' or (op = 'u' and before->enabled is distinct from after->enabled) partition by after->user_id emit changes;
"""
AVRO = "".join(f"create stream `stg_{name}_A` with (kafka_topic='EVENT_PG.{table}', value_format='AVRO');\n"
               for name, table in [("name", "event.name"), ("submit", "event.submit"), ("option", "public.user_option")])
ROWS = {"name": ("event.name", "id int, name string"), "submit": ("event.submit", "id bigint, user_id int, event_id int, created_at string"),
        "option": ("public.user_option", "user_id bigint, option_key string, enabled boolean")}
JSON = "".join(f"create stream `stg_{name}_J` (before struct<{row}>, after struct<{row}>, op string) with (kafka_topic='JSON_PG.{table}', value_format='JSON', partitions=1);\n"
               for name, (table, row) in ROWS.items())


def lines(name):
    return [json.loads(line) for line in open(os.path.join(DATA, name))]


def changes(table):
    """The envelopes of a table's topic; None for a tombstone."""
    records = [r for r in lines("json.jsonl") if r["topic"] == "JSON_PG." + table]
    return [None if r["value"] is None else json.loads(base64.b64decode(r["value"])) for r in records]


def expected():
    names = {}
    for c in filter(None, changes("event.name")):
        if c["after"]:
            names[c["after"]["id"]] = c["after"]["name"]
    rows = [c["after"] for c in filter(None, changes("event.submit")) if c["op"] in "rc"]
    submits = [(str(r["user_id"]), {"event_name": names[r["event_id"]], "event_time": r["created_at"]}) for r in rows if r["event_id"] in names]
    first = {}
    for r in rows:
        first.setdefault(r["user_id"], r["id"])
    options = [(str(c["after"]["user_id"]), {"option": c["after"]["option_key"], "enabled": c["after"]["enabled"]})
               for c in filter(None, changes("public.user_option"))
               if c["op"] == "c" or (c["op"] == "u" and (c["before"] or {}).get("enabled") != c["after"]["enabled"])]
    return {"SUBMITS": submits, "FIRST": [(str(user), {"submit_id": i}) for user, i in first.items()], "OPTIONS": options}


def avro_string(data):
    length = shift = 0
    for i, byte in enumerate(data):
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    assert i + 1 + length // 2 == len(data), data
    return data[i + 1:].decode()


class Run:
    def __init__(self, build):
        self.weir = os.path.join(build, "weir")
        self.folder = tempfile.mkdtemp(prefix="weir-debezium-")
        self.brokers = os.environ.get("BROKERS")
        data = os.path.join(self.folder, "data")
        self.where = ["--brokers", self.brokers] if self.brokers else ["--data", data]
        command = [self.weir, "server", "--data", data, "--listen", "127.0.0.1:0", "--registry-listen", "127.0.0.1:0"]
        command += ["--set", "bootstrap.servers=" + self.brokers] if self.brokers else []
        self.foreign_registry = os.environ.get("REGISTRY")
        command += ["--set", "ksql.schema.registry.url=" + self.foreign_registry] if self.foreign_registry else []
        self.log = os.path.join(self.folder, "log")
        self.server = subprocess.Popen(command, stderr=open(self.log, "wb"))
        for _ in range(600):
            found = re.search(r"listens on port (\d+)(?:, its Schema Registry on port (\d+))?", open(self.log).read())
            if found:
                break
            if self.server.poll() is not None:
                sys.exit(open(self.log).read())
            time.sleep(0.05)
        self.url = f"http://127.0.0.1:{found[1]}"
        self.registry = self.foreign_registry or f"http://127.0.0.1:{found[2]}"
        self.ids = {}  # a captured schema id -> the registry's

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.registry + path, data, {"content-type": "application/vnd.schemaregistry.v1+json"}, method=method)
        return json.load(urllib.request.urlopen(request))

    def register(self):
        schemas = lines("avro-schemas.jsonl")
        if self.foreign_registry:
            for s in schemas:
                self.ids[s["id"]] = self.call("POST", f"/subjects/{s['subject']}/versions", {"schema": s["schema"]})["id"]
            return
        self.call("PUT", "/mode?force=true", {"mode": "IMPORT"})
        for s in schemas:
            answer = self.call("POST", f"/subjects/{s['subject']}/versions", {"schema": s["schema"], "id": s["id"], "version": s["version"]})
            assert answer["id"] == s["id"], answer
        self.call("PUT", "/mode?force=true", {"mode": "READWRITE"})

    def with_id(self, text):
        """Base64 of an Avro record, its schema id exchanged for the registry's."""
        data = base64.b64decode(text or "")
        if data[:1] != b"\0":
            return text
        old = int.from_bytes(data[1:5], "big")
        return base64.b64encode(b"\0" + self.ids.get(old, old).to_bytes(4, "big") + data[5:]).decode()

    def check_sink_schemas(self):
        """What the table's query registered describes what it wrote: checked by decoding it by hand."""
        names = {c["after"]["name"] for c in filter(None, changes("event.name")) if c["after"]}
        for line in self.topic("consume", "NAMES_A", "--jsonl", "--from-beginning", "--exit-at-end", "--base64").splitlines():
            value = base64.b64decode(json.loads(line)["value_base64"])
            schema = json.loads(self.call("GET", f"/schemas/ids/{int.from_bytes(value[1:5], 'big')}")["schema"])
            assert [f["name"] for f in schema["fields"]] == ["name"], schema
            assert value[5] == 2 and schema["fields"][0]["type"] == ["null", "string"], (value, schema)
            assert avro_string(value[6:]) in names, value

    def topic(self, *args, text=None):
        done = subprocess.run([self.weir, "topic", *args, *self.where], input=text, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"weir topic {' '.join(args)}: {done.stderr}")
        return done.stdout

    def sql(self, text):
        done = subprocess.run([self.weir, "sql", "--server", self.url, "-f", "-"], input=text, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)

    def load(self, file):
        topics = {}
        for r in lines(file):
            topics.setdefault(r["topic"], []).append(json.dumps({"partition": 0, "timestamp": r["timestamp"], "key_base64": self.with_id(r["key"]),
                                                                **({"value": None} if r["value"] is None else {"value_base64": self.with_id(r["value"])})}))
        for topic, records in topics.items():
            self.topic("create", topic, "--retention-ms", "-1")
            self.topic("produce", topic, text="\n".join(records) + "\n")

    def read(self, topic):
        records = [json.loads(line) for line in self.topic("consume", topic, "--jsonl", "--from-beginning", "--exit-at-end").splitlines()]
        return [(r["key"], json.loads(r["value"])) for r in records]

    def check(self, letter, wanted):
        for topic, records in wanted.items():
            for _ in range(100):
                found = self.read(f"{topic}_{letter}")
                if len(found) >= len(records):
                    break
                time.sleep(0.1)
            if found != records:
                sys.exit(f"{topic}_{letter}:\n  found    {found}\n  expected {records}\n{open(self.log).read()}")


def main():
    run = Run(sys.argv[1])
    try:
        run.register()
        run.load("avro.jsonl")
        run.load("json.jsonl")
        run.sql(AVRO + JSON)
        run.sql(PIPELINES.format(x="A", k="AVRO"))
        run.sql(PIPELINES.format(x="J", k="JSON"))
        wanted = expected()
        run.check("A", wanted)
        run.check("J", wanted)
        run.check_sink_schemas()
        print(", ".join(f"{topic}: {len(records)} events" for topic, records in wanted.items()), "from Avro and from JSON alike")
    finally:
        run.server.terminate()
        run.server.wait()
    shutil.rmtree(run.folder)


main()

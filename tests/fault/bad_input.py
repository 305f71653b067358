#!/usr/bin/env python3
"""What cannot be processed: each is a clear error or a counted record; the server and its other queries go on.

    bad_input.py BUILD [NAME…]        each part on a server of its own, on the embedded log
"""
import base64
import glob
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from program import Server, b64, stop_all, values  # noqa: E402

WEIR = os.path.join(sys.argv[1], "weir")
EARLIEST = "SET 'auto.offset.reset'='earliest'; "


def malformed_json(folder):
    s = Server(WEIR, folder)
    s.sql(EARLIEST + """CREATE STREAM j (k STRING KEY, v INT) WITH (kafka_topic='j', value_format='JSON', partitions=1);
        CREATE STREAM jo WITH (kafka_topic='jo') AS SELECT * FROM j EMIT CHANGES;
        CREATE TABLE jc WITH (kafka_topic='jc', key_format='JSON') AS SELECT v, COUNT(*) AS c FROM j GROUP BY v EMIT CHANGES;""")
    bad = ['{"V":', '{"V":"x"}', "[1]", "", "\0", '{"V":1}}', '"', "{" * 10000, "[" * 100000, '{"V":' + "9" * 5000 + "}", '{"V":{}}', "nul"]
    good = [{"key": f"k{i}", "value": json.dumps({"V": i})} for i in range(len(bad) + 1)]
    records = [r for pair in zip(good, [{"key": "b", "value": v} for v in bad]) for r in pair] + [good[-1]]
    records.insert(3, {"key": "b", "value_base64": b64(b'{"V":"\xff\xfe"}')})
    s.produce("j", records)
    wanted = [g["key"] for g in good]
    found = []
    until = time.time() + 20
    while [r["key"] for r in found if r["key"] != "b"] != wanted:
        assert time.time() < until, (found, s.text())
        found = s.consume("jo")
        time.sleep(0.1)
    dropped = s.metric('weir_rows_dropped_total{query="CSAS_JO')
    assert dropped >= len(bad) - 2 and dropped + len(found) == len(records), (dropped, len(found), len(records), found)
    kept = [v["message"]["deserializationError"]["offset"] for v in values(s.wait_for("default_ksql_processing_log", int(dropped * 2)))]
    assert len(set(kept)) == dropped, kept
    s.stop()


def malformed_avro(folder):
    s = Server(WEIR, folder)
    schema = {"type": "record", "name": "R", "fields": [{"name": "V", "type": "int"}, {"name": "T", "type": ["null", "string"]}, {"name": "L", "type": {"type": "array", "items": "string"}}]}
    number = s.register("a-value", schema)
    head = b"\0" + number.to_bytes(4, "big")
    s.sql(EARLIEST + """CREATE STREAM a WITH (kafka_topic='a', value_format='AVRO', partitions=1);
        CREATE STREAM ao WITH (kafka_topic='ao', value_format='JSON') AS SELECT * FROM a EMIT CHANGES;""")
    good = head + b"\x02\x02\x04hi\x02\x02x\x00"
    bad = [b"", b"\0", b"\1" + head[1:] + b"\x02\0\0", head, head + b"\xff" * 12, head + b"\x02\x06", head + b"\x02\x02\xfe\xff\xff\xff\x0f", head + b"\x02\x00\xfe\xff\xff\xff\xff\x7f",
           head + b"\x02\x00\x01", head + b"\x02\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", b"\0\0\xff\xff\x02\x02\0\0", b"\0\xff\xff\xff\xff\x02\0\0"]
    pick = random.Random(3)
    bad += [good[:i] for i in range(5, len(good) - 1)] + [head + pick.randbytes(pick.randrange(40)) for _ in range(200)]
    s.produce("a", [r for b in bad for r in ({"value_base64": b64(b)}, {"value_base64": b64(good)})])
    right = {"V": 1, "T": "hi", "L": ["x"]}
    until = time.time() + 60
    while sum(v == right for v in values(s.consume("ao"))) < len(bad):
        assert time.time() < until and s.process.poll() is None, (len(s.consume("ao")), s.text()[-2000:])
        time.sleep(0.2)
    dropped, found = s.metric('weir_rows_dropped_total{query="CSAS_AO'), len(s.consume("ao"))
    assert dropped + found == 2 * len(bad), (dropped, found, len(bad))
    assert dropped >= 20, dropped
    assert re.search(rf"\b{0xFFFF02}\b", s.text()), s.text()[-2000:]  # the unknown schema id is named
    s.stop()


def registry_down(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    s = Server(WEIR, folder, "--set", f"ksql.schema.registry.url=http://127.0.0.1:{port}", registry="off")
    begun = time.time()
    told = s.sql("CREATE STREAM a WITH (kafka_topic='a', value_format='AVRO', partitions=1);", ok=False)
    assert time.time() - begun < 30 and "registry" in told.lower() and str(port) in told, told
    s.sql(EARLIEST + "CREATE STREAM j (k STRING KEY, v INT) WITH (kafka_topic='j', value_format='JSON', partitions=1);"
          "CREATE STREAM jo WITH (kafka_topic='jo') AS SELECT * FROM j EMIT CHANGES;")
    s.produce("j", [{"key": "a", "value": '{"V":1}'}])
    s.wait_for("jo", 1)
    s.stop()


def registry_away(folder):
    """The registry goes and comes back: records of known schemas go on meanwhile, the others wait for it; none is lost."""
    r = Server(WEIR, os.path.join(folder, "registry"))
    schema = {"type": "record", "name": "R", "fields": [{"name": "V", "type": "int"}]}
    first = r.register("a-value", schema)
    schema["fields"].append({"name": "W", "type": "int", "default": 7})
    second = r.register("a-value", schema)
    port = r.registry.rsplit(":", 1)[1]
    s = Server(WEIR, os.path.join(folder, "engine"), "--set", f"ksql.schema.registry.url={r.registry}", registry="off")
    s.sql(EARLIEST + "CREATE STREAM a (V INT) WITH (kafka_topic='a', value_format='AVRO', partitions=1);"
          "CREATE STREAM ao WITH (kafka_topic='ao', value_format='JSON') AS SELECT * FROM a EMIT CHANGES;")
    s.produce("a", [{"value_base64": b64(b"\0" + first.to_bytes(4, "big") + b"\x02")}])
    s.wait_for("ao", 1)
    r.stop()
    s.produce("a", [{"value_base64": b64(b"\0" + first.to_bytes(4, "big") + b"\x04")}])
    s.wait_for("ao", 2)
    s.produce("a", [{"value_base64": b64(b"\0" + second.to_bytes(4, "big") + b"\x06\x02")}])
    time.sleep(2)
    assert len(s.consume("ao")) == 2
    r = Server(WEIR, os.path.join(folder, "registry"), registry=f"127.0.0.1:{port}")
    assert [v["V"] for v in values(s.wait_for("ao", 3, 40))] == [1, 2, 3]
    s.stop()
    r.stop()


def odd_keys(folder):
    """NULL keys and keys of every size: counted, joined and repartitioned, or told; a row after them is processed."""
    s = Server(WEIR, folder)
    s.sql(EARLIEST + """CREATE STREAM s (k STRING KEY, v INT, g STRING) WITH (kafka_topic='s', value_format='JSON', partitions=2);
        CREATE TABLE t (k STRING PRIMARY KEY, w INT) WITH (kafka_topic='t', value_format='JSON', partitions=2);
        CREATE TABLE c WITH (kafka_topic='c') AS SELECT g, COUNT(*) AS n FROM s GROUP BY g EMIT CHANGES;
        CREATE STREAM p WITH (kafka_topic='p') AS SELECT * FROM s PARTITION BY g EMIT CHANGES;
        CREATE STREAM jn WITH (kafka_topic='jn') AS SELECT s.k AS k, v, w FROM s LEFT JOIN t ON s.k = t.k EMIT CHANGES;""")
    sizes = [1, 400, 511, 512, 2000, 65535, 65536, 1_000_000]
    s.produce("t", [{"key": "x" * n, "value": json.dumps({"W": n})} for n in sizes] + [{"key": None, "value": '{"W":1}'}])
    records = [{"key": "x" * n, "value": json.dumps({"V": n, "G": "y" * n})} for n in sizes]
    s.produce("s", records + [{"key": None, "value": '{"V":0,"G":null}'}, {"key": "end", "value": '{"V":-1,"G":"end"}'}])
    found = {v["V"]: v["W"] for v in values(s.wait_for("jn", len(sizes) + 2))}
    assert found == {**{n: n for n in sizes}, 0: None, -1: None}, found
    assert {len(r["key"] or "") for r in s.wait_for("p", len(sizes) + 2)} == {*sizes, 0, 3}
    counts = {len(r["key"]): json.loads(r["value"])["N"] for r in s.wait_for("c", len(sizes) + 1)}
    assert counts == {n: 1 for n in [*sizes, 3]}, counts
    told = s.produce("s", [{"key": "x" * 20_000_000, "value": "{}"}], ok=False)
    assert "large" in told or "bytes" in told, told
    s.stop()
    s = Server(WEIR, folder)  # the state of large keys comes back
    s.produce("s", [{"key": "x" * 65536, "value": json.dumps({"V": 5, "G": "y" * 65536})}])
    assert json.loads(s.wait_for("c", len(sizes) + 2)[-1]["value"])["N"] == 2
    s.stop()


def corrupt_folder(folder):
    """A damaged file is refused with a text or read as far as it is whole: never a crash."""
    s = Server(WEIR, folder)
    s.sql(EARLIEST + """CREATE STREAM s (k STRING KEY, v INT) WITH (kafka_topic='s', value_format='JSON', partitions=1);
        CREATE STREAM o WITH (kafka_topic='o') AS SELECT k, v + 1 AS v FROM s EMIT CHANGES;""")
    s.produce("s", [{"key": f"k{i % 50}", "value": '{"V":1}'} for i in range(5000)])
    s.wait_for("o", 5000)
    s.stop()
    files = [f for f in glob.glob(os.path.join(s.data, "**"), recursive=True) if os.path.isfile(f) and not f.endswith("lock.mdb")]
    largest = max(files, key=os.path.getsize)
    pick = random.Random(9)
    for turn in range(12):
        copy = os.path.join(folder, f"copy{turn}")
        shutil.copytree(s.data, os.path.join(copy, "data"))
        victim = os.path.join(copy, "data", os.path.relpath(largest, s.data))
        size = min(os.path.getsize(victim), 3_000_000)
        with open(victim, "r+b") as file:
            if turn == 0:
                file.truncate(0)
            elif turn == 1:
                file.truncate(size // 2)
            else:
                for _ in range(3):
                    file.seek(pick.randrange(size if turn < 8 else 16384))
                    file.write(pick.randbytes(2000))
        log = open(os.path.join(copy, "log"), "wb")
        process = subprocess.Popen([WEIR, "server", "--data", os.path.join(copy, "data"), "--listen", "127.0.0.1:0", "--registry-listen", "off"], stderr=log)
        try:
            process.wait(1)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait(30)
        text = open(os.path.join(copy, "log"), errors="replace").read()
        assert process.returncode >= 0, (turn, process.returncode, text)
        assert process.returncode == 0 or len(text) > 20, (turn, process.returncode, text)
        shutil.rmtree(copy)


def full_disk(folder):
    s = Server(WEIR, folder, file_limit=24 << 20)
    s.sql(EARLIEST + """CREATE STREAM s (k STRING KEY, v STRING) WITH (kafka_topic='s', value_format='JSON', partitions=1);
        CREATE STREAM o WITH (kafka_topic='o') AS SELECT * FROM s EMIT CHANGES;""")
    pick, sent = random.Random(1), 0
    for _ in range(40):  # the producers have no limit of their own: only the server's writes fail
        s.produce("s", [{"key": str(sent + i), "value": json.dumps({"V": b64(pick.randbytes(6000))})} for i in range(100)])
        sent += 100
    time.sleep(2)
    assert s.process.poll() is None, (s.process.returncode, s.text()[-2000:])
    told = s.text()
    assert re.search("space|full|too large|room", told), told[-2000:]
    urllib.request.urlopen(f"http://127.0.0.1:{s.port}/info").read()
    s.process.terminate()
    s.process.wait(60)
    assert s.process.returncode >= 0, s.process.returncode
    s = Server(WEIR, folder)
    assert [r["key"] for r in s.wait_for("o", sent, 60)] == [str(i) for i in range(sent)]
    s.stop()


def slow_push_client(folder):
    """A client that stops reading holds up nobody and fills no memory."""
    s = Server(WEIR, folder)
    s.sql(EARLIEST + """CREATE STREAM s (k STRING KEY, v STRING) WITH (kafka_topic='s', value_format='JSON', partitions=1);
        CREATE STREAM o WITH (kafka_topic='o', value_format='JSON') AS SELECT k, LEN(v) AS n FROM s EMIT CHANGES;""")
    clients = []
    for _ in range(4):
        body = json.dumps({"sql": "SELECT * FROM s EMIT CHANGES;", "properties": {"auto.offset.reset": "earliest"}}).encode()
        client = socket.create_connection(("127.0.0.1", s.port))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(b"POST /query-stream HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        assert b"200" in client.recv(100)
        clients.append(client)
    before = s.resident_kib()
    for batch in range(8):
        s.produce("s", [{"key": f"{batch}-{i}", "value": json.dumps({"V": "x" * 10000})} for i in range(1000)])
    s.wait_for("o", 8000, 60)
    time.sleep(1)
    grown = s.resident_kib() - before
    assert grown < 60_000, f"{grown} KiB more for 80 MB that nobody reads"
    for client in clients:
        client.close()
    s.stop()


def different_partitions(folder):
    s = Server(WEIR, folder)
    told = s.sql("""CREATE STREAM s (k STRING KEY, v INT) WITH (kafka_topic='s', value_format='JSON', partitions=2);
        CREATE TABLE t (k STRING PRIMARY KEY, w INT) WITH (kafka_topic='t', value_format='JSON', partitions=3);
        CREATE STREAM x AS SELECT s.k AS k, v, w FROM s JOIN t ON s.k = t.k EMIT CHANGES;""", ok=False)
    assert "different numbers of partitions: 2 and 3" in told, told
    s.stop()


PARTS = [malformed_json, malformed_avro, registry_down, registry_away, odd_keys, corrupt_folder, full_disk, slow_push_client, different_partitions]


def run(part):
    folder = tempfile.mkdtemp(prefix="weir-bad-")
    try:
        part(folder)
    finally:
        stop_all()
    shutil.rmtree(folder)


def main():
    failed = []
    for part in [p for p in PARTS if not sys.argv[2:] or p.__name__ in sys.argv[2:]]:
        begun = time.time()
        try:
            run(part)
            print(f"{part.__name__}: as it must be, {time.time() - begun:.1f} s", flush=True)
        except Exception as failure:  # the other parts are run all the same
            failed.append(part.__name__)
            print(f"{part.__name__}: FAILED: {type(failure).__name__}: {str(failure)[:3000]}", flush=True)
    sys.exit(1 if failed else 0)


main()

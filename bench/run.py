#!/usr/bin/env python3
"""Runs the workloads one after the other and prints CPU time a row, as docs/BENCHMARKS.md explains.

    run.py BUILD [--scale 0.2] [--only W1,W2]        on the embedded log, or on the broker in BROKERS

CPU time is the server's whole process, all threads, between a quarter and nearly all of the rows: the start is not in it.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

SOURCES = """
SET 'auto.offset.reset'='earliest';
CREATE STREAM orders (k STRING KEY, order_id BIGINT, customer_id BIGINT, account_id BIGINT, item STRING, price DOUBLE, quantity INT,
  status STRING, city STRING, note STRING, ts BIGINT) WITH (kafka_topic='orders', value_format='JSON');
CREATE STREAM events (k STRING KEY, after STRUCT<id BIGINT, user_id BIGINT, event_id BIGINT, kind STRING, page STRING, score INT,
  amount DOUBLE, city STRING, agent STRING, flag BOOLEAN, created_at STRING, updated_at BIGINT>, op STRING, ts_ms BIGINT)
  WITH (kafka_topic='events', value_format='JSON');
CREATE TABLE users (k STRING PRIMARY KEY, name STRING, city STRING, level INT, points INT) WITH (kafka_topic='users', value_format='JSON');
CREATE STREAM updates (k STRING KEY, user_id BIGINT, name STRING, city STRING, level INT, points INT, email STRING, plan STRING)
  WITH (kafka_topic='updates', value_format='JSON');
"""
AGGREGATES = "COUNT(*) AS n, SUM(price) AS total, MAX(price) AS most, MIN(price) AS least, AVG(quantity) AS mean"
WORKLOADS = {  # name: (input topic, statement)
    "W1": ("orders", "CREATE STREAM w1 AS SELECT k, order_id, customer_id, item, price, ts FROM orders WHERE status = 'PAID' AND price > 50 EMIT CHANGES;"),
    "W2": ("events", """CREATE STREAM w2 AS SELECT u.k AS user_id, e.after->id AS id, e.after->kind AS kind,
        e.after->page AS page, e.after->score AS score, e.after->amount AS amount, e.after->created_at AS created_at, u.name AS name,
        u.city AS city, u.level AS level FROM events e LEFT JOIN users u ON CAST(e.after->user_id AS STRING) = u.k EMIT CHANGES;"""),
    "W3": ("orders", f"CREATE TABLE w3 AS SELECT customer_id, {AGGREGATES} FROM orders GROUP BY customer_id EMIT CHANGES;"),
    "W3m": ("orders", f"CREATE TABLE w3m AS SELECT account_id, {AGGREGATES} FROM orders GROUP BY account_id EMIT CHANGES;"),
    "W4": ("orders", "CREATE TABLE w4 AS SELECT item, COUNT(*) AS n FROM orders WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY item EMIT CHANGES;"),
    "W5": ("updates", """CREATE TABLE w5 AS SELECT user_id, LATEST_BY_OFFSET(name) AS name, LATEST_BY_OFFSET(city) AS city,
        LATEST_BY_OFFSET(level) AS level, LATEST_BY_OFFSET(points) AS points, LATEST_BY_OFFSET(email) AS email FROM updates
        GROUP BY user_id EMIT CHANGES;"""),
}
ROWS = {"orders": 3_000_000, "events": 3_000_000, "updates": 1_000_000}
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    def __init__(self, weir, folder, brokers):
        self.weir = weir
        self.log_path = os.path.join(folder, "server.log")
        self.log = open(self.log_path, "wb")
        command = [weir, "server", "--data", os.path.join(folder, "data"), "--listen", "127.0.0.1:0", "--registry-listen", "off"]
        command += ["--set", f"bootstrap.servers={brokers}"] if brokers else []
        self.process = subprocess.Popen(command, stderr=self.log)
        while True:
            found = re.search(r"listens on port (\d+)", open(self.log_path).read())
            if found:
                break
            if self.process.poll() is not None:
                sys.exit(open(self.log_path).read())
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{found.group(1)}"

    def sql(self, text):
        done = subprocess.run([self.weir, "sql", "--server", self.url, "-e", text], capture_output=True, text=True)
        return done.returncode == 0, done.stdout

    def rows(self):
        text = urllib.request.urlopen(self.url + "/metrics").read().decode()
        count = lambda name: sum(int(x) for x in re.findall(r"^" + name + r"\{[^}]*\} (\d+)", text, re.M))
        return count("weir_query_rows_in_total"), count("weir_query_rows_out_total")

    def cpu(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def own_mb(self):
        """Memory of its own; the embedded log's pages are the kernel's cache, mapped."""
        return int(re.search(r"RssAnon:\s+(\d+)", open(f"/proc/{self.process.pid}/status").read()).group(1)) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait()


def watch(server):
    """Samples until nothing has come in for a second: (rows in, CPU seconds, wall seconds) and the rows out."""
    samples, still, peak = [(0, server.cpu(), time.time())], 0, 0
    while still < 12:
        time.sleep(0.05 if still == 0 else 0.1)
        rows, out = server.rows()
        peak = max(peak, server.own_mb())
        still = still + 1 if rows == samples[-1][0] and rows else 0
        if not still:
            samples.append((rows, server.cpu(), time.time()))
        if time.time() - samples[0][2] > 300:
            sys.exit("a workload did not end in five minutes")
    return samples, server.rows()[1], peak


def measure(weir, folder, brokers, name, scale):
    topic, statement = WORKLOADS[name]
    server = Server(weir, folder, brokers)
    ok, text = server.sql(SOURCES)
    if not ok and "exists already" not in text:
        sys.exit(text)
    ok, text = server.sql("SET 'auto.offset.reset'='earliest';" + statement)
    if not ok:
        server.stop()
        return f"{name:5} {text.strip().splitlines()[-1]}"
    samples, out, peak = watch(server)
    total = samples[-1][0]
    begin = next(s for s in samples if s[0] >= total * 0.25)
    end = next(s for s in samples if s[0] >= total * 0.97)
    if end[0] == begin[0]:
        begin = samples[0]
    inputs = ROWS[topic] * scale
    share = (end[0] - begin[0]) / total
    cpu, wall = (end[1] - begin[1]) / share / inputs * 1e6, (end[2] - begin[2]) / share / inputs * 1e6
    line = f"{name:5} {cpu:10.2f} {1e6 / wall:12,.0f} {inputs:12,.0f} {out:10,} {peak:8.0f}"
    server.sql(re.sub(r"CREATE (\w+) (\w+) .*", r"DROP \1 \2 DELETE TOPIC;", statement, flags=re.S))
    server.stop()
    return line


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--scale", type=float, default=0.2)
    parser.add_argument("--only", default=",".join(WORKLOADS))
    args = parser.parse_args()
    brokers = os.environ.get("BROKERS")
    folder = tempfile.mkdtemp(prefix="weir-bench-")
    where = ["--brokers", brokers] if brokers else ["--data", os.path.join(folder, "data")]
    try:
        subprocess.run([os.path.join(args.build, "make_data"), *where, "--scale", str(args.scale)], check=True, stdout=subprocess.DEVNULL)
        print(f"{'':5} {'CPU µs/row':>10} {'rows/s':>12} {'rows in':>12} {'rows out':>10} {'peak MB':>8}")
        if brokers:
            subprocess.run([os.path.join(args.build, "weir"), "topic", "create", "bench_copy", "--partitions", "4", "--brokers", brokers], check=True)
            subprocess.run([os.path.join(args.build, "kafka_copy"), brokers, "orders"], check=True)
        for name in args.only.split(","):
            print(measure(os.path.join(args.build, "weir"), folder, brokers, name, args.scale), flush=True)
    finally:
        shutil.rmtree(folder)


main()

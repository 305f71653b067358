#!/usr/bin/env python3
"""Kills the server at random moments while input goes on, and holds what it wrote against what plain Python computes.

    crash_loop.py BUILD [--kills N] [--seed N] [--records N]      on the embedded log, or on the broker in BROKERS
    … --broker-kills N                                            kills the broker too (with_broker.sh gives one to kill)

The pipeline: a filter, an INSERT INTO the same topic, a join with a table behind a repartition, an aggregation.
Exactly-once means: every expected output is there once, in the order of its source, and nothing else.
"""
import argparse
import collections
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

STATEMENTS = """
SET 'auto.offset.reset'='earliest';
CREATE STREAM src (k STRING KEY, n BIGINT, g STRING, d STRING) WITH (kafka_topic='crash_src', value_format='JSON', partitions=2);
CREATE TABLE dim (id STRING PRIMARY KEY, name STRING) WITH (kafka_topic='crash_dim', value_format='JSON', partitions=2);
CREATE STREAM filtered WITH (kafka_topic='crash_filtered', value_format='JSON') AS SELECT k, n FROM src WHERE n % 3 = 0 EMIT CHANGES;
INSERT INTO filtered SELECT k, -n AS n FROM src WHERE n % 3 = 1 EMIT CHANGES;
CREATE STREAM joined WITH (kafka_topic='crash_joined', value_format='JSON') AS
  SELECT s.d AS d, s.n AS n, t.name AS name FROM src s LEFT JOIN dim t ON s.d = t.id EMIT CHANGES;
CREATE TABLE counts WITH (kafka_topic='crash_counts', value_format='JSON') AS
  SELECT g, COUNT(*) AS c, SUM(n) AS s FROM src GROUP BY g EMIT CHANGES;
"""
GROUPS, DIMS = 37, 50


def record(n):
    return {"key": f"k{n % 101}", "value": json.dumps({"N": n, "G": f"g{n % GROUPS}", "D": f"d{n % (DIMS + 5)}"})}


class Run:
    def __init__(self, build, seed):
        self.weir = os.path.join(build, "weir")
        self.random = random.Random(seed)
        self.folder = tempfile.mkdtemp(prefix="weir-crash-")
        self.brokers = os.environ.get("BROKERS")
        self.where = ["--brokers", self.brokers] if self.brokers else ["--data", os.path.join(self.folder, "data")]
        self.port = None
        self.server = None
        self.produced = 0
        self.failure = None
        self.may_feed = threading.Lock()  # not while the broker is down: what came through would not be known

    def start(self):
        self.log = open(os.path.join(self.folder, "server.log"), "ab")
        at = self.log.tell()
        command = [self.weir, "server", "--data", os.path.join(self.folder, "data"), "--listen", "127.0.0.1:0", "--registry-listen", "off",
                   "--set", "weir.log.level=debug"]
        if self.brokers:
            command += ["--set", "bootstrap.servers=" + self.brokers]
        self.server = subprocess.Popen(command, stderr=self.log)
        return at

    def wait_until_up(self, at):
        for _ in range(600):
            with open(os.path.join(self.folder, "server.log"), "rb") as log:
                log.seek(at)
                for line in log.read().decode(errors="replace").splitlines():
                    if "listens on port" in line:
                        self.port = int(line.split("listens on port ")[1].split(",")[0])
                        return
            if self.server.poll() is not None:
                raise SystemExit(f"the server ended by itself: status {self.server.returncode}, see {self.folder}/server.log")
            time.sleep(0.05)
        raise SystemExit("the server does not come up")

    def kill(self):
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()
        self.log.close()

    def topic(self, *args, text=None):
        done = subprocess.run([self.weir, "topic", *args, *self.where], input=text, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"weir topic {' '.join(args)}: {done.stderr.strip()}")
        return done.stdout

    def produce(self, topic, records):
        self.topic("produce", topic, text="".join(json.dumps(r) + "\n" for r in records))

    def consume(self, topic):
        lines = self.topic("consume", topic, "--jsonl", "--from-beginning", "--exit-at-end").splitlines()
        return [json.loads(line) for line in lines]

    def feed(self, total):
        try:
            while self.produced < total:
                with self.may_feed:
                    count = min(self.random.randrange(1, 400), total - self.produced)
                    self.produce("crash_src", [record(n) for n in range(self.produced, self.produced + count)])
                    self.produced += count
                time.sleep(self.random.random() * 0.1)
        except Exception as failure:  # told by the main thread
            self.failure = failure


    def restart_broker(self):
        broker = os.path.join(os.path.dirname(__file__), "..", "tools", "broker.sh")
        with self.may_feed:
            subprocess.run([broker, "kill", os.environ["BROKER_FOLDER"]], check=True)
            time.sleep(self.random.random() * 3)
            subprocess.run([broker, "start", os.environ["BROKER_FOLDER"], os.environ["BROKER_PORT"]], check=True)


def values(records):
    return [None if r["value"] is None else json.loads(r["value"]) for r in records]


def check_filtered(run, total):
    expected = collections.Counter([n for n in range(total) if n % 3 == 0] + [-n for n in range(total) if n % 3 == 1])
    found = collections.Counter(v["N"] for v in values(run.consume("crash_filtered")))
    twice = sorted(found - expected, key=abs)
    return expected == found, f"filtered: ({twice[:1]} to {twice[-1:]}) {sum((found - expected).values())} too many, {sum((expected - found).values())} missing"


def check_joined(run, total):
    expected = collections.Counter((n, f"name {n % (DIMS + 5)}" if n % (DIMS + 5) < DIMS else None) for n in range(total))
    found = collections.Counter((v["N"], v["NAME"]) for v in values(run.consume("crash_joined")))
    return expected == found, f"joined: {sum((found - expected).values())} too many, {sum((expected - found).values())} missing"


def check_counts(run, total):
    expected = {f"g{g}": (len(range(g, total, GROUPS)), sum(range(g, total, GROUPS))) for g in range(min(GROUPS, total))}
    last = {}
    for r in run.consume("crash_counts"):
        value = json.loads(r["value"])
        if r["key"] in last and value["C"] <= last[r["key"]][0]:
            return False, f"counts: {r['key']} went from {last[r['key']][0]} to {value['C']}"
        last[r["key"]] = (value["C"], value["S"])
    wrong = [k for k in expected if last.get(k) != expected[k]]
    return not wrong and len(last) == len(expected), f"counts: {len(wrong)} groups wrong: {[(k, last.get(k), expected[k]) for k in wrong[:3]]}"


def settle(run, total, seconds):
    """Waits until all outputs are as expected; too much is final."""
    checks = [check_filtered, check_joined, check_counts]
    until = time.time() + seconds
    while True:
        results = [check(run, total) for check in checks]
        if all(ok for ok, _ in results):
            return None
        if time.time() > until:
            return "; ".join(text for ok, text in results if not ok)
        time.sleep(0.5)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--kills", type=int, default=int(os.environ.get("KILLS", "10")))
    parser.add_argument("--broker-kills", type=int, default=int(os.environ.get("BROKER_KILLS", "0")))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--records", type=int, default=0, help="default: 1500 a kill")
    args = parser.parse_args()
    total = args.records or 1500 * (args.kills + args.broker_kills)
    run = Run(args.build, args.seed)
    longest = 3.0 if run.brokers else 0.7
    try:
        run.wait_until_up(run.start())
        done = subprocess.run([run.weir, "sql", "--server", f"http://127.0.0.1:{run.port}", "-e", STATEMENTS], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        run.produce("crash_dim", [{"key": f"d{i}", "value": json.dumps({"NAME": f"name {i}"})} for i in range(DIMS)])
        time.sleep(2 if run.brokers else 0.5)  # a join sees the table's rows that are there: they come first
        feeder = threading.Thread(target=run.feed, args=(total,))
        feeder.start()
        for i in range(args.kills):
            time.sleep(run.random.random() * longest)
            run.kill()
            run.start()
            if sys.stdout.isatty():
                print(f"\rkilled {i + 1} of {args.kills}, {run.produced} records", end="", flush=True)
        for _ in range(args.broker_kills):
            time.sleep(run.random.random() * longest)
            run.restart_broker()
        feeder.join()
        if run.failure:
            raise SystemExit(f"the producer failed: {run.failure}")
        problem = settle(run, total, 120)
        run.server.terminate()
        status = run.server.wait(timeout=60)
        if problem or status:
            print(f"\nFAILED after {args.kills} kills: {problem or f'status {status} at SIGTERM'}; seed {args.seed}; kept: {run.folder}")
            sys.exit(1)
        print(f"\n{args.kills} kills of the server, {args.broker_kills} of the broker, {total} records: every output exactly once")
        shutil.rmtree(run.folder)
    finally:
        if run.server and run.server.poll() is None:
            run.server.kill()


main()

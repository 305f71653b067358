"""The program as tests of whole programs see it: a server, its topics, its registry."""
import base64
import json
import os
import re
import resource
import subprocess
import tempfile
import time
import urllib.request


class Server:
    """`weir server` on free ports, on the embedded log in FOLDER or the broker in BROKERS, with its own registry or the one in REGISTRY."""

    running = []  # for stop_all

    def __init__(self, weir, folder, *options, file_limit=None, registry="127.0.0.1:0"):
        self.weir = weir
        os.makedirs(folder, exist_ok=True)
        self.data = os.path.join(folder, "data")
        self.brokers, foreign_registry = os.environ.get("BROKERS"), os.environ.get("REGISTRY")
        self.where = ["--brokers", self.brokers] if self.brokers else ["--data", self.data]
        options = [*options, *(["--set", "bootstrap.servers=" + self.brokers] if self.brokers else []),
                   *(["--set", "ksql.schema.registry.url=" + foreign_registry] if foreign_registry else [])]
        self.log = tempfile.mktemp(prefix="log-", dir=folder)
        limit = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))) if file_limit else None
        self.process = subprocess.Popen([self.weir, "server", "--data", self.data, "--listen", "127.0.0.1:0", "--registry-listen", registry, *options],
                                        stderr=open(self.log, "wb"), preexec_fn=limit)
        Server.running.append(self)
        until = time.time() + 60
        while not (found := re.search(r"listens on port (\d+)(?:, its Schema Registry on port (\d+))?", self.text())):
            assert self.process.poll() is None and time.time() < until, self.text()
            time.sleep(0.02)
        self.port = int(found[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.registry = foreign_registry or f"http://127.0.0.1:{found[2]}"

    def text(self):
        return open(self.log, errors="replace").read()

    def sql(self, text, ok=True):
        done = subprocess.run([self.weir, "sql", "--server", self.url, "-f", "-"], input=text, capture_output=True, text=True, timeout=60)
        assert (done.returncode == 0) == ok, (text, done.returncode, done.stdout, done.stderr, self.text())
        return done.stdout + done.stderr

    def produce(self, topic, records, ok=True):
        text = "".join(json.dumps(r) + "\n" for r in records)
        done = subprocess.run([self.weir, "topic", "produce", topic, *self.where], input=text, capture_output=True, text=True, timeout=60)
        assert (done.returncode == 0) == ok, (topic, done.returncode, done.stderr[:2000])
        return done.stderr

    def consume(self, topic):
        done = subprocess.run([self.weir, "topic", "consume", topic, *self.where, "--jsonl", "--from-beginning", "--exit-at-end"],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def wait_for(self, topic, count, seconds=20):
        until = time.time() + seconds
        while True:
            found = self.consume(topic)
            if len(found) >= count:
                assert len(found) == count, (topic, found[count:count + 3])
                return found
            assert time.time() < until and self.process.poll() is None, (topic, len(found), count, self.text()[-3000:])
            time.sleep(0.1)

    def metric(self, start):
        text = urllib.request.urlopen(self.url + "/metrics").read().decode()
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(start))

    def register(self, subject, schema):
        request = urllib.request.Request(f"{self.registry}/subjects/{subject}/versions", json.dumps({"schema": json.dumps(schema)}).encode(),
                                         {"content-type": "application/vnd.schemaregistry.v1+json"})
        return json.load(urllib.request.urlopen(request))["id"]

    def resident_kib(self):
        return int(re.search(r"RssAnon:\s+(\d+)", open(f"/proc/{self.process.pid}/status").read())[1])

    def stop(self):
        """In good order: status 0, whatever came before."""
        self.process.terminate()
        assert self.process.wait(timeout=60) == 0, (self.process.returncode, self.text()[-3000:])


def stop_all():
    """Leaves no process behind, however the test ended."""
    for server in Server.running:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()
    Server.running.clear()


def values(records):
    return [r["value"] and json.loads(r["value"]) for r in records]


def b64(data):
    return base64.b64encode(data).decode()

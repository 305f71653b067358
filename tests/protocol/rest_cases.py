#!/usr/bin/env python3
"""Runs cases of statements, records and expected answers against `weir server` over HTTP, as a client would.

usage: rest_cases.py WEIR [--port N] [--only TEXT] FILE.json...
A case: name, statements, topics, inputs, outputs, properties, responses, expectError (docs/TESTING.md). Each case has a server of
its own on an empty data folder. Exit status 0 when nothing differed.
"""
import argparse, base64, collections, http.client, json, os, re, shutil, struct, subprocess, sys, tempfile, threading, time

PATIENCE_S = 4


class Server:
    def __init__(self, weir, port, folder, settings):
        self.weir, self.port, self.data = weir, port, os.path.join(folder, "data")
        args = [weir, "server", "--data", self.data, "--listen", "127.0.0.1:%d" % port, "--registry-listen", "off"]
        for name, value in settings.items():
            args += ["--set", "%s=%s" % (name, value)]
        self.log = open(os.path.join(folder, "log"), "w+")
        self.process = subprocess.Popen(args, stdout=self.log, stderr=self.log)
        for _ in range(200):
            try:
                if self.request("GET", "/info")[0] == 200:
                    return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.02)
        raise RuntimeError("the server does not start")

    def request(self, method, path, body=None, headers={}, timeout=10):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def topic(self, *args, stdin=None):
        return subprocess.run([self.weir, "topic", *args, "--data", self.data], input=stdin, capture_output=True, text=True)

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        self.log.close()
        return self.process.returncode


def is_query(statement):
    return statement.lstrip().upper().startswith("SELECT")


def key_type(case, topic):
    """Of the source over the topic: the type of its only key column in the KAFKA format, else None."""
    for statement in case["statements"]:
        if re.search(r"KAFKA_TOPIC\s*=\s*'%s'" % re.escape(topic), statement, re.I):
            keys = re.findall(r"(\w+|`[^`]*`)\s+(\w+)\s+(?:PRIMARY\s+)?KEY", statement.split("WITH")[0], re.I)
            if re.search(r"KEY_FORMAT\s*=|\bFORMAT\s*=", statement, re.I) and not re.search(r"FORMAT\s*=\s*'KAFKA'", statement, re.I):
                return "JSON"
            return keys[0][1].upper() if len(keys) == 1 else "JSON" if keys else None
    return None


def key_bytes(key, kind):
    if kind in ("INT", "INTEGER"):
        return struct.pack(">i", int(key))
    if kind == "BIGINT":
        return struct.pack(">q", int(key))
    if kind == "DOUBLE":
        return struct.pack(">d", float(key))
    if kind == "JSON":
        return json.dumps(key, separators=(",", ":")).encode()
    return (key if isinstance(key, str) else json.dumps(key)).encode()


def record_line(case, record):
    line = {"timestamp": record.get("timestamp", 0)}
    if record.get("key") is not None:
        line["key_base64"] = base64.b64encode(key_bytes(record["key"], key_type(case, record["topic"]))).decode()
    value = record.get("value")
    line["value"] = value if value is None or isinstance(value, str) else json.dumps(value)
    if record.get("headers"):
        line["headers"] = [[h["KEY"], h["VALUE"]] for h in record["headers"]]
    return json.dumps(line)


def produce(server, case):
    for record in case.get("inputs", []):
        done = server.topic("produce", record["topic"], stdin=record_line(case, record) + "\n")
        if done.returncode:
            return "cannot produce to %s: %s" % (record["topic"], done.stderr.strip())
    return None


def make_topics(server, case):
    made = set()
    for topic in case.get("topics", []):
        server.topic("create", topic["name"], "--partitions", str(topic.get("partitions", 1)))
        made.add(topic["name"])
    for statement in case["statements"]:
        named = re.search(r"KAFKA_TOPIC\s*=\s*'([^']+)'", statement, re.I)
        if named and named.group(1) not in made and not re.search(r"\bAS\s+SELECT\b|PARTITIONS\s*=", statement, re.I):
            server.topic("create", named.group(1), "--partitions", "1")
            made.add(named.group(1))


def properties_of(case):
    return {"auto.offset.reset": "earliest", **{k: v for k, v in case.get("properties", {}).items()}}


def matches(expected, actual):
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return False
        for name, value in expected.items():
            name, _, how = name.partition("|")
            if name not in actual:
                return False
            if how == "starts_with":
                if not str(actual[name]).startswith(str(value)):
                    return False
            elif not matches(value, actual[name]):
                return False
        return True
    if isinstance(expected, list):
        return isinstance(actual, list) and len(expected) == len(actual) and all(map(matches, expected, actual))
    if isinstance(expected, float) or isinstance(actual, float):
        return isinstance(actual, (int, float)) and isinstance(expected, (int, float)) and abs(expected - actual) < 1e-6
    return expected == actual and isinstance(expected, bool) == isinstance(actual, bool)


def elements_match(expected, actual, ordered):
    if len(expected) != len(actual):
        return False
    if ordered:
        return matches(expected, actual)
    rest = list(actual)
    for one in expected:
        found = next((i for i, other in enumerate(rest) if matches(one, other)), None)
        if found is None:
            return False
        rest.pop(found)
    return True


def ask(server, case, statement, timeout=10):
    status, text = server.request("POST", "/query", {"ksql": statement, "streamsProperties": properties_of(case)},
                                  {"Accept": "application/vnd.ksql.v1+json"}, timeout)
    return status, json.loads(text)


def run_query(server, case, statement, expected, ordered):
    end, answer = time.time() + PATIENCE_S, None
    while True:
        try:
            status, answer = ask(server, case, statement, PATIENCE_S)
        except OSError as problem:
            return "no answer to %s: %s" % (statement, problem)
        if expected is None:
            return None if status == 200 else "%s: %s" % (statement, answer)
        if status == 200 and elements_match(expected, answer, ordered):
            return None
        if time.time() > end or status != 200:
            return "%s\n    expected: %s\n    actual:   %s" % (statement, json.dumps(expected), json.dumps(answer))
        time.sleep(0.1)


def check_outputs(server, case):
    topics = collections.OrderedDict()
    for record in case.get("outputs", []):
        topics.setdefault(record["topic"], []).append(record)
    for topic, expected in topics.items():
        lines = []
        for _ in range(20):
            text = server.topic("consume", topic, "--jsonl", "--from-beginning", "--exit-at-end", "--base64").stdout
            lines = [json.loads(line) for line in text.splitlines()]
            if len(lines) >= len(expected):
                break
            time.sleep(0.1)
        actual = []
        for line in lines:
            value = base64.b64decode(line["value_base64"]).decode() if line.get("value_base64") is not None else None
            try:
                value = json.loads(value) if value is not None else None
            except ValueError:
                pass
            actual.append({"value": value, "key_base64": line.get("key_base64"), "timestamp": line.get("timestamp")})
        wanted = []
        for record in expected:
            one = {"value": record.get("value")}
            if record.get("key") is not None:
                one["key_base64"] = base64.b64encode(key_bytes(record["key"], key_type(case, topic))).decode()
            if record.get("timestamp"):
                one["timestamp"] = record["timestamp"]
            wanted.append(one)
        if not elements_match(wanted, actual, True):
            return "topic %s\n    expected: %s\n    actual:   %s" % (topic, json.dumps(wanted), json.dumps(actual))
    return None


def run_statements(server, case):
    responses, pushes, problem = case.get("responses", []), [], None
    first_query = next((i for i, s in enumerate(case["statements"]) if is_query(s)), len(case["statements"]))
    waits = case.get("inputConditions", {}).get("waitForActivePushQuery", False) or properties_of(case)["auto.offset.reset"] == "latest"
    ordered = case.get("outputConditions", {}).get("verifyOrder", False)
    offset = len(case["statements"]) - len(responses) if responses else 0
    for i, statement in enumerate(case["statements"]):
        if i == first_query and not waits:
            problem = problem or produce(server, case)
        expected = responses[i - offset] if responses and i >= offset else {}
        if is_query(statement):
            if case.get("expectError") is not None and i == len(case["statements"]) - 1:
                status, answer = ask(server, case, statement)
                return None if status >= 400 else "accepted, but should be refused: %s" % statement
            if waits:
                thread = threading.Thread(target=lambda s=statement, e=expected: pushes.append(run_query(server, case, s, e.get("query"), ordered)))
                thread.start()
                time.sleep(0.3)
                problem = produce(server, case)
                thread.join()
                problem = problem or pushes[-1]
                waits = False
            else:
                problem = problem or run_query(server, case, statement, expected.get("query"), ordered)
        else:
            status, text = server.request("POST", "/ksql", {"ksql": statement, "streamsProperties": properties_of(case)})
            if status != 200:
                if case.get("expectError") is not None:
                    return None
                return "%s: %s" % (statement, text)
            answer = json.loads(text)
            if "admin" in expected and not statement.lstrip().upper().startswith("INSERT") and not (answer and matches(expected["admin"], answer[-1])):
                problem = "%s: %s, expected %s" % (statement, text, expected["admin"])
        if problem:
            return problem
    if case.get("expectError") is not None:
        return "every statement was accepted, but one should be refused"
    if first_query == len(case["statements"]):
        problem = produce(server, case)
    return problem or check_outputs(server, case)


def run_case(weir, port, case):
    folder = tempfile.mkdtemp(prefix="weir-rest-")
    try:
        server = Server(weir, port, folder, {})
        try:
            make_topics(server, case)
            problem = run_statements(server, case)
        finally:
            status = server.close()
        return problem or (None if status == 0 else "the server ended with status %d" % status)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("weir")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    port = args.port or 20000 + os.getpid() % 20000
    passed, failed, unsupported = 0, 0, 0
    for path in args.files:
        for case in json.load(open(path))["tests"]:
            if args.only not in case["name"]:
                continue
            problem = run_case(args.weir, port, case)
            if not problem:
                passed += 1
                continue
            failed += 1
            unsupported += "not supported yet" in problem
            print("FAILED %s: %s\n  %s" % (os.path.basename(path), case["name"], problem), flush=True)
    print("%d passed, %d failed (%d of them not supported yet)" % (passed, failed, unsupported))
    sys.exit(failed > 0)


main()

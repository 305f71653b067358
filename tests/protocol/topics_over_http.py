#!/usr/bin/env python3
"""weir topic --server against weir topic --data: the same topics, the same records byte for byte, and clear refusals.

    topics_over_http.py BUILD
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time


def main():
    weir = os.path.join(sys.argv[1], "weir")
    folder = tempfile.mkdtemp(prefix="weir-topics-")
    data, log = os.path.join(folder, "data"), os.path.join(folder, "log")
    server = subprocess.Popen([weir, "server", "--data", data, "--listen", "127.0.0.1:0", "--registry-listen", "off"], stderr=open(log, "wb"))
    while not (found := re.search(r"listens on port (\d+)", open(log).read())):
        assert server.poll() is None, open(log).read()
        time.sleep(0.02)
    there, here = ["--server", f"http://127.0.0.1:{found.group(1)}"], ["--data", data]

    def topic(*args, where=there, text=None, status=0):
        done = subprocess.run([weir, "topic", *args, *where], input=text, capture_output=True, text=True)
        assert done.returncode == status, (args, done)
        return done.stdout if status == 0 else done.stderr

    read = ["--jsonl", "--from-beginning", "--exit-at-end", "--base64"]
    try:
        topic("create", "t", "--partitions", "3", "--set", "cleanup.policy=compact", "--set", "min.compaction.lag.ms=86400000")
        pick = random.Random(5)
        lines = [f'{{"partition":{i % 3},"timestamp":{1700000000000 + i},"key":{pick.choice(["null", chr(34) + "키" + str(i) + chr(34)])},'
                 f'"value":{pick.choice(["null", chr(34) + "값 " * pick.randrange(200) + chr(34)])},"headers":[["h","AP8="]]}}' for i in range(5000)]
        topic("produce", "t", text="\n".join(lines))
        remote, local = topic("consume", "t", *read), topic("consume", "t", *read, where=here)
        assert sorted(remote.splitlines()) == sorted(local.splitlines()) and len(remote.splitlines()) == 5000
        assert "cleanup.policy=compact" in topic("describe", "t") and "3 partitions" in topic("describe", "t")
        topic("configure", "t", "--set", "retention.ms=4711")
        assert "retention.ms=4711" in topic("describe", "t", where=here)
        assert " t " in topic("list") and "command_log" not in topic("list") and "command_log" in topic("list", "--all")
        assert "exists" in topic("create", "t", status=1)
        assert "read-only" in topic("produce", "_weir-default_command_log", text='{"key":"a","value":"b"}', status=1)
        assert "no topic 'nope'" in topic("consume", "nope", *read, status=1)
        topic("delete", "t")
        assert " t " not in topic("list", where=here)
    finally:
        server.terminate()
        assert server.wait() == 0
    shutil.rmtree(folder)
    print("topics over HTTP are the same topics")


main()

#!/usr/bin/env python3
"""docs/settings.md says what src/engine/settings.def says. With --write the page is made anew."""
import os
import re
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PAGE = os.path.join(ROOT, "docs", "settings.md")
HEAD = """# Settings

Made from `src/engine/settings.def` by `tests/tidy/check_settings_doc.py --write`.

A setting stands in the server's file (`weir server -c FILE`, lines of `name=value`) or on its command line (`--set name=value`). Those marked
*query* can also be given with `SET 'name'='value';`, and with a request. The prefix `ksql.streams.` is understood and dropped. On Kafka every
other setting goes to the Kafka clients under librdkafka's name; see [kafka.md](kafka.md). `SHOW PROPERTIES;` tells what is in force.
"""


def page():
    text = open(os.path.join(ROOT, "src", "engine", "settings.def"), encoding="utf-8").read()
    out = [HEAD]
    for part in re.finditer(r"/\* (?!Every)([^*]+) \*/|WEIR_SETTING\((.*)\)\n", text):
        if part.group(1):
            out.append(f"\n## {part.group(1).strip()}\n\n| setting | default | where | what it does |\n|---|---|---|---|\n")
            continue
        name, kind, default, where, doc = re.match(r'"(.*?)", (\w+), "(.*?)", (\w+), "(.*)"', part.group(2)).groups()
        default = default.replace("|", "\\|")
        default = default if len(default) < 60 else default[:57] + "…"
        out.append(f"| `{name}` | {'`' + default + '`' if default else ''} | {where.lower()} | {doc} |\n")
    return "".join(out)


def main():
    if sys.argv[1:] == ["--write"]:
        open(PAGE, "w", encoding="utf-8").write(page())
    elif not os.path.exists(PAGE) or open(PAGE, encoding="utf-8").read() != page():
        sys.exit("docs/settings.md is not what settings.def says: run tests/tidy/check_settings_doc.py --write")


main()

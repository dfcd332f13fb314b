"""One database with shared responses: told over standard input what to do how often, it answers how long it took.

A process for each database, so that both stay warm and can be measured in turn.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import django


def main() -> None:
    django.setup()
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bench import inbox_cases

    user = User.objects.get(username="demo-physician")
    works = {f"call: {name}": work for name, work in inbox_cases.service_calls(user)}
    works |= {f"page: {name}": work for name, work in inbox_cases.pages(user)}
    found: dict[str, Any] = {}
    for name, work in works.items():
        with CaptureQueriesContext(connection) as statements:
            rows = work()
        found[name] = {"rows": rows, "statements": len(statements)}
    print(json.dumps(found), flush=True)
    for line in sys.stdin:
        name, times = json.loads(line)
        taken = []
        for _ in range(times):
            begin = time.perf_counter()
            works[name]()
            taken.append((time.perf_counter() - begin) * 1000)
        print(json.dumps(taken), flush=True)


if __name__ == "__main__":
    main()

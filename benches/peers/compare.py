#!/usr/bin/env python3
"""Holds the program's answers against SymPy's, row by row.

compare.py PROGRAM: runs `PROGRAM tables --format json` on the built-in sheet and sympy_answers.py; prints each row
that differs, and a last line that counts. Exit status 1 where one differs or is missing.
"""
import json
import subprocess
import sys
from pathlib import Path

from sympy import simplify, sympify


def same(a, b):
    if isinstance(a, list) or isinstance(b, list):
        return isinstance(a, list) and isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if a is None:
        return False
    return simplify(sympify(a) - sympify(b)) == 0


def close(a, b):
    """A decimal of the program against SymPy's closed form."""
    digits = len(a.split(".")[1])
    return abs(sympify(b).evalf(digits + 20) - sympify(a, rational=True)) <= sympify(f"1/2/10**{digits}")


def main():
    peer = Path(__file__).with_name("sympy_answers.py")
    ours = json.loads(subprocess.check_output([sys.argv[1], "tables", "--format", "json"]))
    theirs = json.loads(subprocess.check_output([sys.executable, peer, "--json"]))
    rows = {row["id"]: row for question in ours["questions"] for row in question["rows"]}
    failed = 0
    for name, want in theirs.items():
        row = rows.get(name)
        if row is None:
            print(f"{name}: no such row")
        elif row["exact"] is None and row["decimal"] is not None and close(row["decimal"], want):
            continue
        elif not same(row["exact"], want):
            print(f"{name}: {row['exact']}, SymPy has {want}")
        else:
            continue
        failed += 1
    print(f"{len(theirs) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not theirs else 0)


main()

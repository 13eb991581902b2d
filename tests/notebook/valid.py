"""Validates with nbformat what `backproof notebook` writes, and that it is what nbformat itself would write.

Usage: valid.py PROGRAM
"""
import pathlib
import subprocess
import sys
import tempfile

import nbformat

NAME = "Lovelace_Ada"


def main() -> int:
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "notebook", "--name", NAME, "--out", folder], check=True, stdout=subprocess.DEVNULL)
        path = pathlib.Path(folder, f"{NAME}_assignment2.ipynb")
        text = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
        if (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
            print(f"  nbformat is {notebook.nbformat}.{notebook.nbformat_minor}, not 4.5")
            return 1
        if nbformat.writes(notebook).rstrip("\n") != text.rstrip("\n"):
            print("  nbformat would write it otherwise")
            return 1
        ids = [cell.id for cell in notebook.cells]
        print(f"  {path.name}: nbformat 4.5, {len(ids)} cells, {len(set(ids))} ids")
    return 0


sys.exit(main())

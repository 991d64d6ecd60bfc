# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is written for people is true: blocks of code on pages run, and print what they say.

A page's `python` blocks are one program; a `console` block is of commands after `$ `, run at the root, and of what they
print, with `...` for what differs. Blocks of another kind are to read. Docstrings are tested in test_docstrings.py.
"""

from __future__ import annotations

import doctest
import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BUILD = pathlib.Path(os.environ.get("MLXIR_BUILD_DIR", ROOT / "build"))
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def blocks(page: pathlib.Path, language: str) -> list[tuple[int, str]]:
    """Line numbers and texts of the blocks in a language."""
    text = page.read_text()
    found = re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(text[: m.start()].count("\n") + 1, m[1]) for m in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_blocks_of_python_run(
    page: pathlib.Path, capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # examples write files
    names: dict[str, object] = {}
    for line, text in blocks(page, "python"):
        if not text.lstrip().startswith(">>>"):
            exec(compile(text, f"{page.name}:{line}", "exec"), names)
            continue
        test = doctest.DocTestParser().get_doctest(text, names, page.name, str(page), line)
        runner = doctest.DocTestRunner(optionflags=FLAGS)
        runner.run(test, clear_globs=False)
        assert runner.failures == 0, capsys.readouterr().out
        names = test.globs


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_commands_print_what_they_say(page: pathlib.Path) -> None:
    tools = [str(BUILD / "bin"), str(pathlib.Path(sys.executable).parent), os.environ["PATH"]]
    variables = os.environ | {"PATH": os.pathsep.join(tools)}
    for line, text in blocks(page, "console"):
        first, *parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
        assert not first and parts, f"{page.name}:{line}"
        for part in parts:
            command, _, said = part.partition("\n")
            done = subprocess.run(
                ["bash", "-c", command], cwd=ROOT, env=variables, capture_output=True, text=True, timeout=300
            )
            printed = done.stdout + done.stderr
            pattern = re.escape(said.strip()).replace(re.escape("..."), ".*")
            assert re.fullmatch(pattern, printed.strip(), re.DOTALL), f"{page.name}:{line}: {command}\n{printed}"


def test_no_block_escapes_by_its_name() -> None:
    for page in PAGES:
        kinds = re.findall(r"^```(\w*)\n.*?^```$", page.read_text(), re.MULTILINE | re.DOTALL)
        assert {*kinds} <= {"python", "console", "make", "text", "tablegen", "mlir"}, page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_what_pages_name_exists(page: pathlib.Path) -> None:
    text = page.read_text()
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / target).exists(), target
    folders = "benchmarks|cmake|compiler|dialect|docs|examples|lowering|passes|python|runtime|scripts|test|tools"
    for path in re.findall(rf"`((?:{folders})/[\w./-]*\w)`", text):
        assert (ROOT / path).exists() or list(ROOT.glob(path + ".*")), path
    commands = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`make (\w+)`", text):
        assert re.search(rf"^{target}:", commands, re.MULTILINE), target


def test_every_environment_variable_is_on_its_page() -> None:
    page = (ROOT / "docs" / "environment.md").read_text()
    used = set()
    for folder in ("runtime", "compiler", "dialect", "passes", "lowering", "python", "test", "scripts", "benchmarks"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".cpp", ".h", ".py", ".sh") and path.is_file() and "_mlir" not in path.parts:
                text = path.read_text()
                used |= set(re.findall(r"getenv\(\"(MLXIR_\w+)\"", text))
                used |= set(re.findall(r"environ(?:\.get\(|\[)\"(MLXIR_\w+)\"", text))
                if path.suffix == ".sh":
                    used |= set(re.findall(r"\$\{(MLXIR_\w+)", text))
    assert used == set(re.findall(r"`(MLXIR_\w+)`", page))


def test_reference_pages_are_what_is_generated(tmp_path: pathlib.Path) -> None:
    subprocess.run([sys.executable, ROOT / "scripts" / "docs.py", tmp_path], check=True, timeout=300)
    for name in ("ops.md", "passes.md"):
        assert (ROOT / "docs" / name).read_text() == (tmp_path / name).read_text(), f"make docs writes docs/{name} anew"

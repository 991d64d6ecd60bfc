# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints pyproject.toml's requirements, one a line, for pip's -r.

usage: requirements.py [--tested] EXTRA...    (--tested: the exact versions that were tested)
"""

import pathlib
import re
import sys
import tomllib


def requirements(extras: list[str], tested: bool) -> list[str]:
    """The requirements of the package itself and of the extras named."""
    text = (pathlib.Path(__file__).parent.parent / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    lines = list(project["project"]["dependencies"])
    for extra in extras:
        lines += project["project"]["optional-dependencies"][extra]
    if not tested:
        return lines
    versions = project["tool"]["mlxir"]["tested"]
    names = [re.match(r"[\w.-]+", line).group() for line in lines]
    return [f"{name}=={versions[name]}" for name in names]


if __name__ == "__main__":
    arguments = sys.argv[1:]
    extras = [argument for argument in arguments if not argument.startswith("-")]
    print("\n".join(dict.fromkeys(requirements(extras, "--tested" in arguments))))

"""Builds modc as a release would, installs it as strangers would, and looks at what they get.

    python build_tools/check_install.py

Needs the extra `dev` and a package index. In temporary directories: a source distribution; a wheel
from it; a wheel made with CC=/bin/false, installed, and run with a C compiler and without one.
Prints one line per problem, and exits 1 if there is one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PROGRAM = """
import modc.runtime
import modc.tensor as T
from modc import Method, Module
m = Module()
m.state, m.inc = T.dscalar(), T.dscalar()
m.add = Method(m.inc, m.state + m.inc, {m.state: m.state + m.inc})
for start in (0, 1):
    acc = m.make(state=start)
    print(modc.runtime.KIND, acc.add.mode, float(acc.add(2)))
"""


def run(*command: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    """A process in the folder above modc's, so that nothing of the checkout can be imported."""
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        cwd=tempfile.gettempdir(),
        env={**os.environ, **env},
    )


def done(*command: str | Path, **env: str) -> None:
    """The same, for what must work."""
    result = run(*command, **env)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{result.stdout[-4000:]}{result.stderr[-4000:]}")


def sources() -> set[str]:
    """The files of git's index, but for what only git needs."""
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(listing.stdout.split("\n")) - {"", ".gitignore"}


def problems_of_source(path: Path) -> list[str]:
    """What is missing from the source distribution, and what should not be in it."""
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames() if not name.endswith("/")}
    missing = sorted(sources() - names)
    junk = sorted(name for name in names if name.endswith((".so", ".o", ".pyc", "/_abi.py")))
    return [f"{path.name}: {name} is missing" for name in missing] + [f"{path.name}: {name} is junk" for name in junk]


def problems_of_wheel(path: Path, compiled: bool) -> list[str]:
    """The same for a wheel; and paths of this machine in what was made."""
    wanted = {name.removeprefix("src/") for name in sources() if name.startswith("src/modc/")}
    wanted |= {f"modc/{name}" for name in sources() if name.startswith("csrc/modc_")} | {"modc/_abi.py"}
    problems = []
    with zipfile.ZipFile(path) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        for name in sorted(names - wanted):
            if str(ROOT).encode() in archive.read(name) or tempfile.gettempdir().encode() + b"/" in archive.read(name):
                problems.append(f"{path.name}: {name} holds a path of this machine")
        points = next(archive.read(name).decode() for name in archive.namelist() if name.endswith("/entry_points.txt"))
    if "modc = modc.wheel.hook:finalize" not in points:
        problems.append(f"{path.name}: the build hook of setuptools is not registered")
    made = sorted(name for name in names - wanted if name.endswith((".so", ".pyd", ".o")))
    if len(made) != (2 if compiled else 0):
        problems.append(f"{path.name}: compiled are {made}")
    problems += [f"{path.name}: {name} is missing" for name in sorted(wanted - names)]
    return problems + [f"{path.name}: {name} is junk" for name in sorted(names - wanted - set(made))]


def problems_of_bare(python: Path, place: Path) -> list[str]:
    """What differs from: cffi with a compiler; without one mode numpy, and one warning that tells what to do."""
    problems = []
    found = run(python, "-W", "error", "-c", PROGRAM, MODC_CACHE_DIR=str(place / "cache"), MODC_RUNTIME="")
    if (found.stdout, found.stderr) != ("cffi c 2.0\ncffi c 3.0\n", ""):
        problems.append(f"without the extension: {found.stdout}{found.stderr}")
    found = run(python, "-c", PROGRAM, MODC_CACHE_DIR=str(place / "other"), MODC_RUNTIME="", PATH=str(place), CC="")
    if found.stdout != "cffi numpy 2.0\ncffi numpy 3.0\n":
        problems.append(f"without a compiler: {found.stdout}{found.stderr}")
    if found.stderr.count("ModcWarning") != 1 or "pip install modc[zig]" not in found.stderr:
        problems.append(f"without a compiler, the warning: {found.stderr}")
    return problems


def main() -> int:
    """Everything; the exit code."""
    with tempfile.TemporaryDirectory(prefix="modc-install-") as name:
        place = Path(name)
        done(sys.executable, "-m", "build", "--outdir", place / "dist", ROOT)  # a wheel from a source distribution
        source, wheel = next(place.glob("dist/*.tar.gz")), next(place.glob("dist/*.whl"))
        problems = problems_of_source(source) + problems_of_wheel(wheel, compiled=True)
        python = place / "venv" / "bin" / "python"
        done(sys.executable, "-m", "venv", place / "venv")
        pip = (python, "-m", "pip")
        done(*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", place / "bare", source, CC="/bin/false")
        bare = next(place.glob("bare/*.whl"))
        problems += problems_of_wheel(bare, compiled=False)
        done(*pip, "install", "--quiet", bare)
        problems += problems_of_bare(python, place)
    print("\n".join(problems) or "modc installs")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

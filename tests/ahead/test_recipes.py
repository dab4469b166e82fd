"""The recipes of docs/ahead.md: their commands run as they stand there, in fresh directories."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import modc
from modc.build import target
from modc.build.trial import try_compiler

TEXT = (Path(__file__).parents[2] / "docs" / "ahead.md").read_text()
SAID = "[2.6 5.2 7.8] from the cache: True\n"
TOOLS = ("sh", "bash", "env", "gcc", "cc", "as", "ld", "mkdir", "cp")  # gcc needs its assembler and linker

pytestmark = [
    pytest.mark.skipif(target.cpu_level() != "x86-64-v4" and "x86-64" not in target.cpu_level(), reason="of x86-64"),
    pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc"),
]


def block(kind: str, number: int = 0) -> str:
    return re.findall(rf"^```{kind}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)[number]


def write_files(folder: Path) -> None:
    """The files of the page, as its first session makes them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in re.findall(r"^\$ cat > (\S+) <<'END'\n(.*?)^> END$", TEXT, re.DOTALL | re.MULTILINE):
        lines = [line.removeprefix(">").removeprefix(" ") for line in text.splitlines()]
        (folder / name).write_text("\n".join(lines) + "\n")
    (folder / "requirements.txt").write_text("modc\n")


class Machine:
    """A root directory with its own commands: `python`, `modc`, and a `pip` that has nothing to do."""

    def __init__(self, root: Path, compiler: bool):
        self.root = root
        self.where = "/"
        self.bin = root / "usr" / "bin"
        self.bin.mkdir(parents=True)
        self._script("python", f'case "$1 $2" in "-m venv") mkdir -p "$3/bin" && exec cp "$0" "{self.bin}/modc" "{self.bin}/pip" "$3/bin";; esac\n'
                               f'exec "{sys.executable}" "$@"')  # fmt: skip
        self._script("modc", f'exec "{sys.executable}" -m modc "$@"')
        self._script("pip", 'test "$1 $2 $3" = "install -r requirements.txt" && test -f requirements.txt')
        for tool in TOOLS:
            found = shutil.which(tool)
            if found and (compiler or tool not in ("gcc", "cc", "as", "ld")):
                (self.bin / tool).symlink_to(found)
        source = str(Path(modc.__file__).parents[1])
        self.env = {"PATH": str(self.bin), "PYTHONPATH": source, "HOME": str(root), "PYTHONDONTWRITEBYTECODE": "1"}

    def _script(self, name: str, text: str) -> None:
        (self.bin / name).write_text(f"#!/bin/sh\n{text}\n")
        (self.bin / name).chmod(0o755)

    def inside(self, text: str) -> str:
        """Absolute paths of the machine as paths below its root."""
        return re.sub(r"(?<![\w./-])/(opt|app|tmp)\b", lambda match: f"{self.root}/{match[1]}", text)

    def path(self, name: str) -> Path:
        return self.root / os.path.join(self.where, name).lstrip("/")

    def run(self, command: str, **env: str) -> subprocess.CompletedProcess[str]:
        folder = self.root / self.where.lstrip("/")
        folder.mkdir(parents=True, exist_ok=True)
        run = subprocess.run(
            [shutil.which("sh"), "-c", self.inside(command)], cwd=folder, env={**self.env, **env},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert 0 == run.returncode, f"{command}\n{run.stdout}{run.stderr}"
        return run

    def set(self, assignments: str) -> None:
        for name, value in re.findall(r"(\w+)=(\S+)", assignments):
            self.env[name] = self.inside(value).replace("$PATH", self.env["PATH"])


def test_the_dockerfile_builds_and_its_slim_stage_runs_without_a_compiler(tmp_path):
    context = tmp_path / "context"
    write_files(context)
    machines: dict[str, Machine] = {}
    machine, said = None, ""
    for line in block("dockerfile").splitlines():
        word, _, rest = line.partition(" ")
        if word == "FROM":
            slim = rest.startswith("python:3.12-slim")
            machine = machines[rest.split()[-1]] = Machine(tmp_path / f"stage{len(machines)}", compiler=not slim)
        elif word == "RUN":
            machine.run(rest)
        elif word == "ENV":
            machine.set(rest)
        elif word == "WORKDIR":
            machine.where = rest
        elif word == "COPY" and rest.startswith("--from="):
            source, old, new = rest.removeprefix("--from=").split()
            shutil.copytree(machines[source].path(old), machine.path(new))
        elif word == "COPY":
            *names, into = rest.split()
            machine.path(into).mkdir(parents=True, exist_ok=True)
            for name in names:
                shutil.copy(context / name, machine.path(into) / name)
        elif word == "CMD":
            said = machine.run(" ".join(json.loads(rest))).stdout
        else:
            assert line == "", line
    assert ["builder", "python:3.12-slim"] == list(machines)
    assert SAID == said
    assert shutil.which("gcc", path=machine.env["PATH"]) is None
    assert {0o444} == {stat.S_IMODE(path.stat().st_mode) for path in machine.path("/opt/kernels").rglob("*.so")}
    assert [] == list(machine.root.glob("tmp/modc/??/*.so"))


def steps(text: str) -> list[str]:
    return re.findall(r"^ *- run: (.*)$", text, re.MULTILINE)


def test_the_ci_job_compiles_once_and_then_takes_what_was_stored(tmp_path):
    text = block("yaml")
    settings = dict(re.findall(r"^      (MODC_\w+): (.*)$", text, re.MULTILINE))
    (stored,) = re.findall(r"^ +path: (.*)$", text, re.MULTILINE)
    assert settings.pop("MODC_CACHE_DIR") == f"${{{{ github.workspace }}}}/{stored}"
    assert {"MODC_TARGET": "x86-64-v3"} == settings
    if "x86-64-v3" not in target.levels_below(target.cpu_level()):
        settings = {"MODC_TARGET": "x86-64-v2"}
    said = []
    for number in range(2):
        machine = Machine(tmp_path / f"runner{number}", compiler=True)
        machine.where = "/app/work"
        write_files(machine.path("."))
        if number:
            shutil.copytree(tmp_path / "runner0" / "app" / "work" / stored, machine.path(stored))
        settings["MODC_CACHE_DIR"] = str(machine.path(stored))
        said.append([machine.run(command, **settings).stdout for command in steps(text)])
    for (installed, warmed, served, pruned), state in zip(said, ("made", "found"), strict=True):
        assert "" == installed
        assert f"\n2 {state} in " in warmed
        assert SAID == served
        assert "0 kernels removed\n" == pruned


def test_the_jobs_of_a_cluster_share_what_the_login_node_made(tmp_path):
    machine = Machine(tmp_path / "cluster", compiler=True)
    machine.where = "/app/home"
    write_files(machine.path("."))
    machine.path("train.sbatch").write_text(block("bash", 1))
    machine._script("srun", 'for task in 1 2 3 4; do "$@" || exit 1; done')
    machine._script("sbatch", f'PATH="{tmp_path}/node/usr/bin" SLURM_SUBMIT_DIR="$PWD" exec sh "$1"')
    node = Machine(tmp_path / "node", compiler=False)
    shutil.copy(machine.bin / "srun", node.bin / "srun")
    run = machine.run(block("bash", 0))
    checked = [line for line in run.stdout.splitlines() if line.startswith("found")]
    assert 2 == len(checked)
    assert run.stdout.endswith(4 * SAID)
    for name in re.findall(r"^#SBATCH --(\S+)=", block("bash", 1), re.MULTILINE):
        assert name in ("job-name", "ntasks")


def test_the_page_has_no_other_recipe():
    kinds = re.findall(r"^```(\w+)$", TEXT, re.MULTILINE)
    assert {"console", "python", "dockerfile", "yaml", "bash"} == set(kinds)
    assert (1, 1, 2) == (kinds.count("dockerfile"), kinds.count("yaml"), kinds.count("bash"))
    assert try_compiler().problem == ""

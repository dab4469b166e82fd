"""Virtual environments for the tests of wheels: one that builds, bare ones that only run.

NumPy, cffi and what builds need are links to those of the environment that runs the tests, so nothing
is downloaded. modc itself comes from a wheel that is built once.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CLEAN = {"MODC_NO_COMPILE", "MODC_CACHE_DIR", "PYTHONPATH", "PIP_CONFIG_FILE", "SOURCE_DATE_EPOCH", "MODC_MODE"}


def located(name: str) -> Any:
    """Where a package is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # setuptools minds that distutils was imported before it
        return importlib.util.find_spec(name)


def run(*command: str | Path, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """A process without the settings of the tests. The ones given here it has."""
    rest = {key: value for key, value in os.environ.items() if key not in CLEAN}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env={**rest, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **env},
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip


def done(*command: str | Path, **given: Any) -> str:
    """What a process says that must work."""
    result = run(*command, **given)
    assert result.returncode == 0, f"{command}\n{result.stdout[-4000:]}{result.stderr[-4000:]}"
    return result.stdout


def wheel_of_modc(shared: Path) -> Path:
    """modc's own wheel, built by the first who asks; `shared` is a directory common to all of the tests' processes."""
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for path in (shared / "wheels").glob("modc-*.whl"):
            return path
        source = shared / "source"
        shutil.rmtree(source, ignore_errors=True)
        for name in ("src", "csrc", "build_tools", "pyproject.toml", "setup.py", "README.md", "LICENSE", "MANIFEST.in"):
            _copy(ROOT / name, source / name)
        done(
            sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--no-index",
            "--wheel-dir", shared / "fresh", source,
        )  # fmt: skip
        (shared / "fresh").rename(shared / "wheels")
        return next((shared / "wheels").glob("modc-*.whl"))


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        junk = shutil.ignore_patterns("*.egg-info", "__pycache__", ".mypy_cache", "*.so", "_glue", "_abi.py")
        shutil.copytree(source, target, ignore=junk)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


class Environment:
    """A virtual environment with NumPy, cffi and these wheels in it, and no compiler on its PATH."""

    def __init__(self, path: Path, *wheels: Path, python: str | Path = sys.executable) -> None:
        self.path = path
        done(python, "-m", "venv", "--without-pip", path)
        self.python = path / "bin" / "python"
        self.site = Path(done(self.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(self.site)

    def link(self, *names: str) -> Environment:
        """Give it modules of the environment that runs the tests."""
        for name in names:
            spec = located(name)
            assert spec is not None, f"{name} is not installed"
            origin = Path(str(spec.origin))
            place = origin.parent if spec.submodule_search_locations else origin
            self._link(place)
            if (place.parent / f"{name}.libs").is_dir():
                self._link(place.parent / f"{name}.libs")
        return self

    def _link(self, path: Path) -> None:
        if not (self.site / path.name).exists():
            (self.site / path.name).symlink_to(path)

    def run(self, program: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a program where no compiler can be found or used."""
        bare = {"PATH": str(self.path / "bin"), "MODC_NO_COMPILE": "1", "HOME": str(self.path), "LC_ALL": "C.UTF-8", **env}
        return subprocess.run(
            [str(self.python), "-W", "error", "-c", program], cwd=self.path, env=bare, capture_output=True, text=True, check=False
        )


class Builder(Environment):
    """One that can build: it sees everything of the environment that runs the tests, but modc from its wheel."""

    def __init__(self, path: Path, modc: Path) -> None:
        super().__init__(path, modc)
        folders: dict[str, None] = {}
        for name in ("pip", "setuptools", "numpy", "_cffi_backend", "cffi", "click", "rich", "platformdirs"):
            spec = located(name)
            assert spec is not None, f"{name} is not installed"
            origin = Path(str(spec.origin)).parent
            folders.setdefault(str(origin.parent if spec.submodule_search_locations else origin))
        (self.site / "tests.pth").write_text("\n".join(folders) + "\n")

    def wheel(self, project: Path, out: Path, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
        """`pip wheel` of a project or of its source distribution."""
        return run(
            self.python, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", out, *options, project,
            MODC_CACHE_DIR=str(self.path / "cache"), **env,
        )  # fmt: skip

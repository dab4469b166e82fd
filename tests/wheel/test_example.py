"""examples/wheel as its users have it: built, installed where no compiler is, and run."""

from __future__ import annotations

import functools
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from tools import need
from wheel_environments import ROOT, Builder, Environment, done, run, wheel_of_modc

import modc
import modc.runtime
from modc.build import image
from modc.wheel import platforms

if modc.runtime.KIND == "numpy" or image.HERE[0] != "elf":
    pytest.skip("kernels of ELF systems", allow_module_level=True)

EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}

ROUTES = {
    "runtime": """
import sys
import heater
c = heater.controller(target=60.0)
s = heater.smoother(level=[0.0, 0.0])
strangers = ("modc.tensor", "modc.graph", "modc.module", "modc.pipeline", "modc.rewrite", "modc.schedule", "modc.emit")
assert not [name for name in sys.modules if name.startswith(strangers) or name in ("click", "rich", "platformdirs", "cffi")]
""",
    "modules": """
import sys
from heater.models import Controller, make_smoother
c = Controller().make(target=60.0)
s = make_smoother().make(level=[0.0, 0.0])
assert c.step.mode == "c" and "_modc" in c.step.path, (c.step.mode, c.step.path)
strangers = ("modc.rewrite", "modc.schedule", "modc.emit", "modc.compiler", "modc.build.miss")
assert not [name for name in sys.modules if name.startswith(strangers)]
""",
}
REST = """
print(*[float(c.step(x)) for x in (20.0, 40.0, 55.0, 58.5, 59.0)], float(c.smoother.level), c.limit)
print(s.step([1.0, 2.0]).tolist())
try:
    s.step([1.0, 2.0, 3.0])
except ValueError as error:
    print(str(error).partition("\\n  at ")[0])
"""


@pytest.fixture(scope="session")
def builder(tmp_path_factory) -> Builder:
    """The environment that builds; modc's wheel in it is made once for all processes of the tests."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    return Builder(tmp_path_factory.mktemp("builder"), wheel_of_modc(shared / "modc-wheel"))


def project(tmp_path: Path) -> Path:
    found = tmp_path / "project"
    shutil.copytree(ROOT / "examples" / "wheel", found, ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__", "_modc"))
    return found


@pytest.fixture(scope="session")
def heater(builder, tmp_path_factory) -> Path:
    """The example's wheel."""
    place = tmp_path_factory.mktemp("heater")
    result = builder.wheel(project(place), place / "out", **EPOCH)
    assert result.returncode == 0, result.stdout + result.stderr
    return next((place / "out").glob("heater-*.whl"))


def listed(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return sorted(archive.namelist())


def manifest(wheel: Path) -> dict:
    with zipfile.ZipFile(wheel) as archive:
        return json.loads(archive.read("heater/_modc/manifest.json"))


def test_one_wheel_serves_every_python_of_a_platform(heater):
    match = re.fullmatch(r"heater-1\.0-py3-none-(manylinux_2_(\d+)|linux)_(\w+)\.whl", heater.name)
    assert match is not None, heater.name
    here = platforms.glibc()
    if here is not None:
        assert match[2] and 17 <= int(match[2]) <= here[1]
    found = manifest(heater)
    assert list(found["objects"]) == ["controller", "smoother"]
    levels = {"x86_64": ["x86-64-v2", "x86-64-v3"], "aarch64": ["aarch64"]}
    assert found["levels"] == levels.get(match[3], found["levels"])
    with zipfile.ZipFile(heater) as archive:
        meta = archive.read("heater-1.0.dist-info/WHEEL").decode()
    assert f"Tag: py3-none-{match[1]}_{match[3]}" in meta and "Root-Is-Purelib: false" in meta
    assert not [name for name in listed(heater) if name.endswith(".pyc") or ".data/" in name]


@pytest.mark.parametrize("kind", ["c", "cffi"])
@pytest.mark.parametrize("route", ROUTES)
def test_it_runs_in_a_fresh_environment_without_a_compiler(builder, heater, tmp_path, route, kind):
    modc_wheel = wheel_of_modc_again(builder)
    place = Environment(tmp_path / "venv", modc_wheel, heater).link("numpy", "_cffi_backend")
    if kind == "c" and not list((place.site / "modc").glob("_call*")):
        pytest.skip("the extension was not built")
    assert shutil.which("gcc", path=str(place.path / "bin")) is None
    found = place.run(ROUTES[route] + REST, MODC_RUNTIME=kind)
    assert (found.returncode, found.stderr) == (0, ""), found.stderr
    assert found.stdout == expected()
    assert not (place.path / ".cache").exists() or not list((place.path / ".cache").rglob("*.so"))


def test_the_examples_of_its_documents_run_as_written(builder, heater, tmp_path):
    place = Environment(tmp_path / "venv", wheel_of_modc_again(builder), heater).link("numpy", "_cffi_backend")
    readme = str(ROOT / "examples" / "wheel" / "README.md")
    program = f"""
import doctest
import heater
for failed, tried in (doctest.testmod(heater), doctest.testfile({readme!r}, module_relative=False)):
    assert failed == 0 and tried == 3
"""
    found = place.run(program)
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def wheel_of_modc_again(builder: Builder) -> Path:
    base = builder.path.parent
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    return wheel_of_modc(shared / "modc-wheel")


@functools.cache
def expected() -> str:
    """What the Modules of the example say where they are compiled as always."""
    program = ROUTES["modules"].partition("assert")[0] + REST
    path = os.pathsep.join([str(ROOT / "examples" / "wheel" / "src"), str(Path(modc.__file__).parents[1])])
    return done(sys.executable, "-B", "-c", program, PYTHONPATH=path, MODC_CACHE_DIR=os.environ["MODC_CACHE_DIR"])


def test_a_source_distribution_has_no_kernels_and_makes_the_same_wheel(builder, heater, tmp_path):
    place = project(tmp_path)
    program = f"import sys; from setuptools import build_meta; build_meta.build_sdist({str(tmp_path)!r}); print(*sys.modules)"
    said = done(builder.python, "-c", program, cwd=place, **EPOCH).split()
    (path,) = tmp_path.glob("heater-*.tar.gz")
    assert "modc.wheel.work" not in said and "numpy" not in said  # nothing of it is needed
    with tarfile.open(path) as archive:
        assert not [name for name in archive.getnames() if "_modc" in name or name.endswith(".modc")]
    assert not list(place.rglob("*.modc"))
    result = builder.wheel(path, tmp_path / "out", **EPOCH)
    assert result.returncode == 0, result.stderr
    (again,) = (tmp_path / "out").glob("*.whl")
    assert again.name == heater.name
    assert kernels(again) == kernels(heater)


def kernels(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if "/_modc/" in name}


def test_the_same_sources_give_the_same_wheel(builder, heater, tmp_path):
    result = builder.wheel(project(tmp_path), tmp_path / "out", **EPOCH)
    assert result.returncode == 0, result.stderr
    (again,) = (tmp_path / "out").glob("*.whl")
    assert again.read_bytes() == heater.read_bytes()


def test_an_editable_installation_has_kernels_beside_its_sources(builder, tmp_path):
    place = project(tmp_path)
    program = f"from setuptools import build_meta; print(build_meta.build_editable({str(tmp_path)!r}))"
    done(builder.python, "-c", program, cwd=place, MODC_CACHE_DIR=str(tmp_path / "cache"))
    (wheel,) = tmp_path.glob("heater-*.whl")
    assert "-py3-none-" in wheel.name
    assert (place / "src" / "heater" / "_modc" / "manifest.json").exists()
    program = "from heater.models import Controller; print(Controller().make().step.path)"
    env = {"PYTHONPATH": str(place / "src"), "MODC_NO_COMPILE": "1", "MODC_CACHE_DIR": str(tmp_path / "cache")}
    assert str(place / "src" / "heater" / "_modc") in done(builder.python, "-c", program, **env)


def test_build_ext_in_place_makes_kernels_too(builder, tmp_path):
    place = project(tmp_path)
    done(builder.python, "-c", "import setuptools; setuptools.setup()", "build_ext", "--inplace", cwd=place, MODC_CACHE_DIR=str(tmp_path))
    folder = place / "src" / "heater" / "_modc"
    assert (folder / "manifest.json").exists() and len(list(folder.glob("*.modc"))) >= 3


@pytest.mark.parametrize(
    ("name", "magic", "level"),
    [
        ("manylinux_2_17_aarch64", b"\x7fELF", "aarch64"),
        ("macosx_11_0_arm64", b"\xcf\xfa\xed\xfe", "aarch64-macos"),
        ("musllinux_1_2_x86_64", b"\x7fELF", "x86-64-v2"),
    ],
)
def test_a_wheel_for_another_platform_is_made_by_zig(builder, tmp_path, name, magic, level):
    need("zig")
    option = f"--config-settings=--build-option=--plat-name={name}"
    result = builder.wheel(project(tmp_path), tmp_path / "out", option, **EPOCH)
    assert result.returncode == 0, result.stderr
    (wheel,) = (tmp_path / "out").glob("*.whl")
    assert wheel.name == f"heater-1.0-py3-none-{name}.whl"
    found = kernels(wheel)
    entries = {name: data for name, data in found.items() if name.endswith(".modc")}
    assert entries and all(data.startswith(magic) for data in entries.values())
    assert level in manifest(wheel)["levels"]
    for data in found.values():
        assert str(tmp_path).encode() not in data and b"modc-work" not in data
    if level == "aarch64":  # the same bytes from another place
        again = builder.wheel(project(tmp_path / "again"), tmp_path / "twice", option, **EPOCH)
        assert again.returncode == 0 and next((tmp_path / "twice").glob("*.whl")).read_bytes() == wheel.read_bytes()


TABLES = [
    ('factories = ["heater.models:nothing"]', "factory nothing: heater.models has no 'nothing'"),
    ('factory = "heater.models:Controller"', "unknown key 'factory'"),
    ('factories = ["heater.models:Controller"]\ntargets = ["v9"]', "unknown target 'v9'"),
    ('factories = ["heater.models:Controller"]\npackage = "cooler"', "there is no package 'cooler'\n  hint: the project has heater"),
    ('factories = ["heater.models:Controller"]\nmode = 3', "unknown mode 3"),
]


@pytest.mark.parametrize(("table", "reason"), TABLES)
def test_a_wrong_table_ends_the_build_with_one_reason(builder, tmp_path, table, reason):
    place = project(tmp_path)
    path = place / "pyproject.toml"
    path.write_text(path.read_text().partition("[tool.modc.build]")[0] + "[tool.modc.build]\n" + table + "\n")
    result = run(builder.python, "-c", "import setuptools; setuptools.setup()", "bdist_wheel", cwd=place, MODC_CACHE_DIR=str(tmp_path / "c"))
    assert result.returncode != 0 and "Traceback" not in result.stderr
    assert f"error: [tool.modc.build]: {reason}" in result.stderr
    assert not list(place.rglob("_modc")) and not list(place.rglob("*.whl")) and not list(place.rglob(".modc-*"))


def test_without_a_compiler_the_build_says_what_to_install(builder, tmp_path):
    place = project(tmp_path)
    env = {"PATH": str(tmp_path), "CC": "", "MODC_CACHE_DIR": str(tmp_path / "cache")}
    result = run(builder.python, "-S", "-c", "import site, sys; site.addsitedir(" + repr(str(builder.site)) + "); "
                 "sys.modules['ziglang'] = None; import setuptools; setuptools.setup()", "bdist_wheel", cwd=place, **env)  # fmt: skip
    assert result.returncode != 0 and "there is no C compiler" in result.stderr and "hint: install gcc or clang" in result.stderr
    assert not list(place.rglob("_modc")) and not list(place.rglob("*.whl"))


def test_projects_without_the_table_are_left_alone(builder, tmp_path):
    place = project(tmp_path)
    path = place / "pyproject.toml"
    path.write_text(path.read_text().partition("[tool.modc.build]")[0])
    program = """
import setuptools, sys
setuptools.setup()
print("LOADED", *sorted(name for name in sys.modules if name.startswith("modc") or name == "numpy"))
"""
    said = done(builder.python, "-c", program, "bdist_wheel", cwd=place)
    assert said.splitlines()[-1] == "LOADED modc modc.wheel modc.wheel.hook"
    assert [path.name for path in (place / "dist").iterdir()] == ["heater-1.0-py3-none-any.whl"]


def others() -> list[str]:
    """Other Pythons of this machine."""
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    found: dict[str, str] = {}
    for path in [*map(shutil.which, ("python3.11", "python3.12", "python3.13", "python3.14")), *glob.glob(f"{root}/versions/3.1[1-9].*/bin/python")]:
        if path is None:
            continue
        result = subprocess.run([path, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=False)
        version = result.stdout.strip()
        if result.returncode == 0 and version and version != " ".join(map(str, sys.version_info[:2])):
            found.setdefault(version, path)
    return list(found.values())


def test_the_same_wheel_serves_other_pythons(builder, heater, tmp_path):
    pythons = others()
    if not pythons:
        pytest.skip("there is no other Python on this machine")
    for number, python in enumerate(pythons):
        place = Environment(tmp_path / f"venv{number}", wheel_of_modc_again(builder), heater, python=python)
        target = ("--target", place.site, "--python-version", done(python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])").strip())
        got = run(sys.executable, "-m", "pip", "install", "--quiet", "--only-binary=:all:", *target, "numpy", "cffi")
        if got.returncode != 0:
            pytest.skip(f"NumPy for {python} cannot be had: {got.stderr[-300:]}")
        for route in ROUTES.values():
            found = place.run(route + REST)
            assert (found.returncode, found.stderr) == (0, ""), found.stderr
            assert found.stdout == expected()

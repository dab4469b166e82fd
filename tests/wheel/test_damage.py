"""Damaged, missing and foreign kernels of packages are clear errors; nothing of them is loaded."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from wheel_packages import Packed, pack

import modc.runtime
from modc.build import shipped, target
from modc.errors import ModeError, PackageError
from modc.runtime import package
from modc.runtime.package import sum_of

if modc.runtime.KIND == "numpy":
    pytest.skip("no kernel can be called", allow_module_level=True)

TEXT = """
class Gain(Module):
    def __init__(self):
        x = T.dvector("x")
        self.by = Member(T.dvector(), init=np.ones(4))
        self.run = Method(x, x * self.by)
"""


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Packed:
    return pack(tmp_path_factory.mktemp("sound"), TEXT, {"gain": "Gain"})


@pytest.fixture
def copied(sound, tmp_path) -> Path:
    """A copy that may be spoilt; each lies at a path of its own, so nothing of it is loaded yet."""
    return Path(shutil.copytree(sound.folder, tmp_path / "_modc"))


def kernel(folder: Path) -> Path:
    (path,) = folder.glob("*.modc")
    return path


def refused(folder: Path, match: str) -> None:
    with pytest.raises(PackageError, match=match):
        modc.runtime.load(folder)


def rewrite(folder: Path, change) -> None:
    """Change the manifest, and let its checksum be right."""
    path = folder / "manifest.json"
    data = json.loads(path.read_text())
    change(data)
    data["sha256"] = sum_of(data)
    path.write_text(json.dumps(data))


def test_a_copy_is_as_good_as_the_original(copied):
    assert modc.runtime.load(copied)().run(np.arange(4.0)).tolist() == [0.0, 1.0, 2.0, 3.0]


def test_every_flipped_byte_of_a_kernel_is_noticed(copied):
    path = kernel(copied)
    whole = path.read_bytes()
    for at in [*range(0, len(whole), 997), len(whole) - 1, len(whole) - 100]:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        refused(copied, "is damaged: its contents are not what the manifest says")
        package._opened.clear()
    path.write_bytes(whole)
    modc.runtime.load(copied)


@pytest.mark.parametrize("size", [0, 1, 127, 128, 4000])
def test_a_kernel_that_is_cut_off_is_noticed(copied, size):
    path = kernel(copied)
    path.write_bytes(path.read_bytes()[:size])
    refused(copied, "is damaged: its contents are not what the manifest says")


def test_the_trailer_is_looked_at_where_the_manifest_agrees_with_a_damaged_file(copied):
    path = kernel(copied)
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    total = package.sha256(path.read_bytes()).hexdigest()

    def change(data):
        (row,) = data["kernels"].values()
        row["files"][target.cpu_level()]["sha256"] = total

    rewrite(copied, change)
    refused(copied, "its checksum does not match its contents")


def test_a_missing_file_is_noticed(copied):
    kernel(copied).unlink()
    refused(copied, "is damaged: it cannot be read: No such file")


def test_values_that_changed_are_noticed(copied):
    path = copied / "values.bin"
    path.write_bytes(b"x" + path.read_bytes()[1:])
    refused(copied, r"values\.bin are not what it says")
    path.unlink()
    refused(copied, r"values\.bin cannot be read")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": 1}', '{"format": 1, "abi": 1}', "[" * 100_000, "\udcff"])
def test_a_manifest_that_is_none_is_noticed(copied, text):
    (copied / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    refused(copied, "damaged")


def test_every_flipped_byte_of_the_manifest_is_noticed(copied):
    path = copied / "manifest.json"
    whole = path.read_bytes()
    for at in range(0, len(whole), 53):
        if whole[at : at + 1].isspace():
            continue
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 2]) + whole[at + 1 :])
        with pytest.raises(PackageError):
            modc.runtime.load(copied)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["objects"].clear(),
        lambda data: data["kernels"].clear(),
        lambda data: data["objects"]["gain"].update(methods=[], root={"method": 0}),
        lambda data: data["objects"]["gain"]["cells"].clear(),
        lambda data: data["objects"]["gain"]["cells"][0].update(dtype="nothing"),
        lambda data: data["objects"]["gain"]["cells"][0].update(dtype="float32", value=None),
        lambda data: data["objects"]["gain"]["cells"][0].update(ndim=1000),
        lambda data: data["objects"]["gain"]["cells"][0]["value"].update(at=10**12),
        lambda data: data["objects"]["gain"]["cells"][0]["value"].update(shape=[10**9]),
        lambda data: data["objects"]["gain"]["methods"][0]["inputs"].clear(),
        lambda data: data["objects"]["gain"]["methods"][0]["outputs"][0].update(ndim=2),
        lambda data: data["objects"]["gain"]["methods"][0].update(result="some"),
        lambda data: data["objects"]["gain"]["methods"][0].update(written=[True, True]),
        lambda data: data["objects"]["gain"]["instances"][0].update(kind="set"),
        lambda data: data["objects"]["gain"]["instances"][0].update(parts=3),
        lambda data: data["objects"]["gain"].update(root={"instance": 7}),
    ],
)
def test_a_manifest_that_lies_never_crashes(copied, change):
    rewrite(copied, change)
    with pytest.raises(PackageError):
        modc.runtime.load(copied, "gain")()


def test_another_format_or_abi_says_what_to_install(copied):
    rewrite(copied, lambda data: data.update(format=2))
    refused(copied, r"has format 2 and kernels of ABI 1, this modc reads format 1 and ABI 1\n  hint: install the modc")
    rewrite(copied, lambda data: data.update(format=1, abi=9))
    refused(copied, "ABI 9")


def test_kernels_for_other_machines_are_listed(copied):
    def change(data):
        (row,) = data["kernels"].values()
        row["files"] = {"vax": next(iter(row["files"].values()))}
        data["levels"] = ["vax"]

    rewrite(copied, change)
    refused(copied, f"has kernels for vax; this machine runs {target.cpu_level()}")


@pytest.mark.skipif(not target.cpu_level().startswith("x86-64-v"), reason="this machine has one level")
def test_the_best_level_that_runs_is_taken(tmp_path, monkeypatch):
    packed = pack(tmp_path, TEXT, {"gain": "Gain"}, ["x86-64-v1", "x86-64-v2", "v4"])
    best = "x86-64-v4" if target.cpu_level() == "x86-64-v4" else "x86-64-v2"
    assert modc.runtime.load(packed.path)().run.path.endswith(f".{best}.modc")
    monkeypatch.setenv("MODC_TARGET", "x86-64-v1")
    assert modc.runtime.load(packed.path)().run.path.endswith(".x86-64-v1.modc")
    monkeypatch.setenv("MODC_TARGET", "vax")
    with pytest.raises(ModeError, match="vax"):
        modc.runtime.load(packed.path)


def test_a_file_of_another_kernel_is_not_taken_for_this_one(copied, tmp_path):
    other = pack(tmp_path / "other", TEXT.replace("x * ", "x + "), {"gain": "Gain"})
    path = kernel(copied)
    path.write_bytes(kernel(other.folder).read_bytes())
    with pytest.raises(shipped.Damaged, match="another kernel"):
        shipped.load(str(path), "Gain.run", json.loads((copied / "manifest.json").read_text())["objects"]["gain"]["methods"][0]["kernel"], target.cpu_level())

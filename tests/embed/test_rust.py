"""The Rust crate of an export: built by cargo without a network, used safely, and its self-test."""

from __future__ import annotations

import os

import pytest
from export_zoo import ROWS
from tools import need
from wrapped import ODD, growing_oddities, hostile_names, mixed_export, refusal, run

import modc

#: Rows of the zoo whose C interfaces differ most.
KINDS = (
    "every_dtype", "no_axes_and_no_elements", "constants", "open_sizes", "index_checks", "blob", "single", "statistics_in_float32",
)  # fmt: skip

SESSION = """
use mixed::{Error, Model};

fn main() -> Result<(), Error> {
    let mut m = Model::new();
    println!("{:?} {}", m.pick(2)?, m.pick(9).unwrap_err());
    let sums = m.sum(&[1.0, 2.0, 3.0])?;
    println!("{} {:?} {:?} {:?}", sums.out0, &sums.out1[..], sums.out2, sums.out2.sizes());
    println!("{}", m.sum(&[])?.out0);
    println!("{}", m.sum(&[0.0; 9]).unwrap_err());
    m.grow(&[1.0, 2.0])?;
    println!("{:?}", m.get_history());
    m.set_history(&[])?;
    println!("{:?}", m.get_history());
    println!("{}", m.set_history(&[0.0; 17]).unwrap_err());
    m.tick();
    let mut copy = m.clone();
    copy.tick();
    println!("{} {}", m.get_count(), copy.get_count());
    println!("{:?}", &m.dot(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [2, 3], &[1.0, 2.0, 3.0])?[..]);
    println!("{:?} {}", m.dot(&[1.0], [2, 3], &[1.0]).unwrap_err().code(), m.dot(&[1.0, 2.0], [2, 1], &[1.0, 1.0]).unwrap_err());
    println!("{:?} {}", m.over(&[0.0, 1.5, 2.5]), m.any_over(&[0.0, 1.5, 3.0], Model::ANY_OVER_GAIN_DEFAULT));
    println!("{:?} {:?}", m.scaled(&Model::SCALED_V_DEFAULT, 2.0), &m.next(&Model::NEXT_X_DEFAULT)?[..]);
    println!("{} {}", m.flip(), m.get_flag());
    m.set_mask(&[false, true]);
    println!("{:?} {:?}", m.get_mask(), m.get_table()[1]);
    let two = m.two(1.5);
    println!("{} {} {} {}", m.parts_0_run(5.0), m.parts_1_run(5.0), two.out0, two.out1);
    m.set_move(&[3.0, 4.0]);
    println!("{:?} {:?}", m.state().move_, m);
    let mut place = std::mem::MaybeUninit::uninit();
    println!("{} {}", Model::init(&mut place).get_table()[3][2], Model::boxed().get_table()[3][1]);
    std::thread::scope(|scope| {
        scope.spawn(|| println!("{:?}", m.pick(1)));
    });
    m.reset();
    println!("{} {:?}", m.get_count(), m.get_history());
    Ok(())
}
"""

TRANSCRIPT = """\
[6.0, 7.0, 8.0] pick: an index is out of bounds in table[i]
6 [2.0, 4.0, 6.0] Open { sizes: [2], elements: [2.0, 3.0] } [2]
0
sum: a size is negative, or larger than the export has room for
[0.0, 0.0, 0.0, 1.0, 2.0]
[]
an array has a size that there is no room for, or that does not go with its elements
1 2
[14.0, 32.0]
-1 dot: sizes do not agree in m @ x
[false, true, true] true
[2.0, 4.0, 6.0] [2.0, 3.0]
false true
[false, true] [3.0, 4.0, 5.0]
10 15 2.5 true
[3.0, 4.0] Model { .. }
11 10
Ok([3.0, 4.0, 5.0])
0 [0.0, 0.0, 0.0]
"""

CARGO = '[package]\nname = "session"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nmixed = {{ path = "{}" }}\n'


@pytest.fixture(scope="module")
def cargo(tmp_path_factory):
    """A function that runs cargo offline, with one folder for everything that it builds."""
    (tool,) = need("cargo")
    target = tmp_path_factory.mktemp("target")

    def call(*arguments, cwd, **environment):
        return run(tool, *arguments, cwd=cwd, CARGO_TARGET_DIR=str(target), CARGO_NET_OFFLINE="true", **environment)

    return call


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """A program that uses the crate."""
    place = tmp_path_factory.mktemp("rust")
    mixed_export(place / "mixed", "rust")
    (place / "src").mkdir()
    (place / "src" / "main.rs").write_text(SESSION)
    (place / "Cargo.toml").write_text(CARGO.format("mixed/rust"))
    return place


def test_a_session_in_rust_is_that_of_python(cargo, session):
    assert cargo("run", "--quiet", cwd=session) == TRANSCRIPT


def test_the_crate_needs_no_std(cargo, session):
    cargo("build", "--quiet", "--no-default-features", cwd=session / "mixed" / "rust", RUSTFLAGS="-Dwarnings")


def test_clippy_and_rustdoc_find_nothing(cargo, session):
    crate = session / "mixed" / "rust"
    cargo("doc", "--quiet", "--no-deps", cwd=crate, RUSTDOCFLAGS="-Dwarnings")
    try:
        cargo("clippy", "--version", cwd=crate)
    except AssertionError:
        pytest.skip("this cargo has no clippy")
    cargo("clippy", "--quiet", "--all-targets", "--", "-Dwarnings", cwd=crate)


@pytest.mark.parametrize(
    "statement, reason",
    [("m.over(&[1.0, 2.0]);", "E0308"), ("m.set_table(&[[0.0; 4]; 3]);", "E0308"), ("let n: &Model = &m; n.tick();", "E0596")],
)
def test_what_cannot_be_right_does_not_compile(cargo, session, tmp_path, statement, reason):
    (tool,) = need("cargo")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.rs").write_text(f"fn main() {{ let mut m = mixed::Model::new(); m.reset(); {statement} }}\nuse mixed::Model;\n")
    (tmp_path / "Cargo.toml").write_text(CARGO.format(session / "mixed" / "rust"))
    assert reason in refusal(tool, "check", "--quiet", "--offline", cwd=tmp_path)


def test_a_missing_compiler_is_named(session, tmp_path):
    (tool,) = need("cargo")
    environment = {"CC": "no-such-compiler", "CARGO_TARGET_DIR": str(tmp_path)}
    said = refusal("env", *(f"{key}={value}" for key, value in environment.items()), tool, "build", "--offline", cwd=session / "mixed" / "rust")
    assert "no-such-compiler" in said
    assert "set CC and AR" in said


def test_the_self_tests_of_many_crates_pass(cargo, tmp_path):
    members = []
    rows = {**{key: ROWS[key] for key in KINDS}, "names": (hostile_names, {}), "odd": (growing_oddities, ODD)}
    for key, (make, options) in rows.items():
        done = modc.export(make(), tmp_path / key, **{"name": f"its_{key}", **options}, wrappers=["rust"])
        assert (done.directory / "rust" / "tests" / "selftest.rs").exists()
        members.append(f'"{key}/rust"')
    (tmp_path / "Cargo.toml").write_text(f'[workspace]\nresolver = "2"\nmembers = [{", ".join(members)}]\n')
    said = cargo("test", "--workspace", "--tests", cwd=tmp_path)
    assert said.count("test golden_calls ... ok") == len(rows)
    assert not os.path.exists(tmp_path / "scalars" / "rust" / "target")

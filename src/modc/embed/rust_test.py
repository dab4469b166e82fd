"""tests/selftest.rs of the crate: the golden calls through the safe wrapper.

Input: a `Model` and the names in the crate. Output: Rust text. Neighbours: `golden` has the calls, `selftest`
prints the same for C, `rust` writes the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from modc.embed.blob import blob
from modc.embed.golden import Call, Expected, Given, golden
from modc.embed.model import Array, Member, Model
from modc.embed.numbers import FIRST, RANGES, SECOND, STEP, Fill
from modc.embed.rust_types import element, is_apart, literal, nested
from modc.embed.selftest import MOST
from modc.embed.wrapping import can_fail, open_axes
from modc.emit.writer import Writer

_HELPERS = f"""\
/// SplitMix64, counted by the element's number.
fn mixed(seed: u64, at: usize) -> u64 {{
    let mut z = seed.wrapping_mul({SECOND}).wrapping_add((at as u64 + 1).wrapping_mul({STEP}));
    z = (z ^ (z >> 30)).wrapping_mul({FIRST});
    z = (z ^ (z >> 27)).wrapping_mul({SECOND});
    z ^ (z >> 31)
}}

const RANGES: [(f64, i32); {len(RANGES)}] = [{", ".join(f"({low!r}, {power})" for low, power in RANGES)}];

fn double(seed: u64, at: usize, range: usize) -> f64 {{
    (mixed(seed, at) >> 12) as f64 * 2f64.powi(RANGES[range].1 - 52) + RANGES[range].0
}}

fn single(seed: u64, at: usize, range: usize) -> f32 {{
    (mixed(seed, at) >> 40) as f32 * 2f32.powi(RANGES[range].1 - 24) + RANGES[range].0 as f32
}}

fn whole(seed: u64, at: usize, low: i64, span: u64) -> i64 {{
    (mixed(seed, at) % span) as i64 + low
}}

/// The numbers of an array of arrays, in order.
trait Flat {{
    fn flat(&self, to: &mut Vec<f64>);
}}

macro_rules! number {{
    ($($kind:ty)*) => {{$(
        impl Flat for $kind {{
            fn flat(&self, to: &mut Vec<f64>) {{
                to.push(*self as f64);
            }}
        }}
    )*}};
}}

number!(f64 f32 i64 i32 i16 i8 u64 u32 u16 u8);

impl Flat for bool {{
    fn flat(&self, to: &mut Vec<f64>) {{
        to.push(f64::from(u8::from(*self)));
    }}
}}

impl<T: Flat> Flat for [T] {{
    fn flat(&self, to: &mut Vec<f64>) {{
        self.iter().for_each(|one| one.flat(to));
    }}
}}

impl<T: Flat, const N: usize> Flat for [T; N] {{
    fn flat(&self, to: &mut Vec<f64>) {{
        self[..].flat(to);
    }}
}}

/// Every `step`-th number of `got` against (value, tolerance); a tolerance below 0 allows anything.
fn compare<T: Flat + ?Sized>(what: &str, got: &T, count: usize, step: usize, want: &[(f64, f64)], exact: bool) {{
    let mut found = Vec::new();
    got.flat(&mut found);
    assert_eq!(found.len(), count, "{{what}}: elements");
    for (at, (right, most)) in want.iter().enumerate() {{
        let one = found[at * step];
        let same = one == *right || (one.is_nan() && right.is_nan());
        let near = !exact && (*most < 0.0 || (one - right).abs() <= *most);
        assert!(same || near, "{{what}}[{{}}]: got {{one:e}}, expected {{right:e}}, tolerance {{most:e}}", at * step);
    }}
}}
"""


def selftest(model: Model, names: Mapping[str, tuple[str, Sequence[str]]], crate: str) -> str:
    """The text of tests/selftest.rs; `names` has for each Method its name in the crate, and those of its results.

    Integers beyond 2**53 are compared as the float64 next to them.
    """
    out = Writer()
    out.raw("//! Calls with the results that modc had in mode `check`.\n")
    out.raw("#![cfg_attr(rustfmt, rustfmt_skip)]\n#![allow(dead_code, unused_variables, clippy::all)]\n")
    out.raw(f"use {crate}::Model;\n")
    out.raw(_HELPERS)
    out.raw("#[test]\nfn golden_calls() {")
    out.raw("    // Results are on the stack, and a test's is small.")
    out.raw("    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(calls).unwrap();")
    out.raw("    thread.join().unwrap();\n}\n\nfn calls() {")
    with out.deeper():
        out.line("let mut place = Model::boxed();")
        out.line("let model: &mut Model = &mut place;")
        if model.options.blob:
            out.line(f"assert_eq!(Model::INITIAL.len(), {len(blob(model))});")
            out.line("model.load(Model::INITIAL).unwrap();")
            out.line("assert!(model.load(&[]).is_err());")
        for one in model.members:
            _member(one, Expected(one, one.value, np.zeros(one.value.shape), True), "initial", out)
        for call in golden(model).calls:
            _call(call, *names[call.function.key], out)
        out.line("model.reset();")
    out.raw("}")
    return out.text()


def _call(call: Call, name: str, results: Sequence[str], out: Writer) -> None:
    function = call.function
    what = f"{name}, call {call.number}"
    with out.block():
        arguments: list[str] = []
        for at, one in enumerate(call.given):
            arguments += _argument(one, f"given{at}", out)
        text = f"model.{name}({', '.join(arguments)})"
        if call.fails:
            out.raw(f"        assert!({text}.is_err(), \"{what}\");")
            return
        unwrapped = ".unwrap()" if can_fail(function) else ""
        out.raw(f"        {'let got = ' if call.outputs else ''}{text}{unwrapped};")
        for at, expected in enumerate(call.outputs):
            place = "got" if len(call.outputs) == 1 else f"got.{results[at]}"
            if open_axes(expected.array):
                sizes = ", ".join(map(str, expected.value.shape))
                out.raw(f"        assert_eq!({place}.sizes(), [{sizes}], \"{what}\");")
            _compare(f"{what}: result {at}", f"{place}[..]" if expected.array.sizes else place, expected, out)
        for expected in call.members:
            if isinstance(expected.array, Member):
                _member(expected.array, expected, what, out)


def _argument(given: Given, name: str, out: Writer) -> Iterator[str]:
    one, value = given.array, given.value
    if one.is_number or given.fill is None:
        yield literal(value.item(), one)
        return
    flat = any(map(bool, one.open[1:]))
    shape = (value.size,) if flat else value.shape
    index = " + ".join(f"i{axis} * {int(np.prod(shape[axis + 1 :], dtype=np.int64))}" for axis in range(len(shape)))
    text = _element(one, given.fill, index)
    for axis in reversed(range(len(shape))):
        if axis or not any(one.open):
            text = f"core::array::from_fn(|i{axis}| {text})"
    if any(one.open):
        text = f"(0..{shape[0]}).map(|i0| {text}).collect::<Vec<{nested(one, shape[1:])}>>()"
        out.raw(f"        let {name} = {text};")
    else:
        out.raw(f"        let {name}: {nested(one, shape)} = {text};")
    yield f"&{name}"
    if flat:
        yield f"[{', '.join(str(value.shape[axis]) for axis in open_axes(one))}]"


def _element(one: Array, fill: Fill, index: str) -> str:
    if one.dtype.is_float:
        return f"{'double' if one.dtype.bits == 64 else 'single'}({fill.seed}, {index}, {fill.range})"
    number = f"whole({fill.seed}, {index}, {fill.low}, {fill.span})"
    return f"{number} != 0" if one.dtype.kind == "b" else f"{number} as {element(one)}"


def _member(one: Member, expected: Expected, what: str, out: Writer) -> None:
    """A member through its getter."""
    place = f"model.get_{one.name}()"
    if one.is_number:
        _compare(f"{what}: {one.name}", place, expected, out)
    elif is_apart(one):
        sizes = ", ".join(str(expected.value.shape[axis]) for axis in open_axes(one))
        out.raw(f"        assert_eq!({place}.1, [{sizes}]);")
        _compare(f"{what}: {one.name}", f"{place}.0[..{expected.value.size}]", expected, out)
    else:
        _compare(f"{what}: {one.name}", f"{place}[..]", expected, out)


def _compare(what: str, place: str, expected: Expected, out: Writer) -> None:
    value = np.ascontiguousarray(expected.value)
    step = 1 if value.size <= MOST else (value.size // (MOST // 2)) | 1
    values = value.reshape(-1)[::step].tolist()
    nears = np.asarray(expected.near).reshape(-1)[::step].tolist()
    pairs = [f"({_float(item)}, {_float(near)})" for item, near in zip(values, nears, strict=True)]
    exact = "true" if expected.exact else "false"
    pad = " " * (4 * out.depth)
    head, tail = f'compare("{what}", &{place}, {value.size}, {step}, &[', f"], {exact});"
    if len(pairs) < 3:
        out.raw(f"{pad}{head}{', '.join(pairs)}{tail}")
        return
    out.raw(f"{pad}{head}")
    with out.deeper():
        out.listing("", pairs, "")
    out.line(tail)


def _float(item: Any) -> str:
    number = float(item)
    if number != number:
        return "f64::NAN"
    if number in (float("inf"), float("-inf")):
        return "f64::INFINITY" if number > 0 else "f64::NEG_INFINITY"
    return repr(number)

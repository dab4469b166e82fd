"""WebAssembly: the binary under wasmtime, the class in Chromium, the page without a server."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from browser import browser, served
from export_zoo import ROWS
from tools import need, zig_environment

import modc
import modc.tensor as T
from modc import In, Method, Module
from modc.embed import wasm
from modc.embed.cross import cross
from modc.embed.golden import golden
from modc.embed.model import model_of
from modc.embed.options import Options
from modc.embed.wasm_js import Script
from modc.errors import ExportError


class Everything(Module):
    """Members and Methods of many kinds."""

    def __init__(self):
        super().__init__()
        self.count = T.lscalar(init=1)
        self.ready = T.tensor("bool", (), init=True)
        self.small = T.tensor("uint32", (), init=4000000000)
        self.log = T.dvector(init=np.arange(3.0))
        self.table = T.fmatrix(init=np.eye(2, dtype="float32"))
        self.table.tag.doc = "</script> and */ and `${1}` <!-- <script>"
        x, by, at, var, level = T.dvector("x"), T.dscalar("by"), T.lscalar("at"), T.dmatrix("var"), T.dscalar("level")
        longer = T.concatenate([self.log, x])
        self.push = Method([x, In(by, value=2.5)], [self.log.sum() + self.count, longer * by], {self.log: longer, self.count: self.count + 1})
        self.pick = Method([at], self.log[at])
        self.less = Method([at], [at < 3])
        self.gram = Method([var], T.dot(var, var.T))
        self.later = Method([In(level, value=1.0, update=level * 2)], level + 1)


@pytest.fixture(scope="module")
def environment():
    with pytest.MonkeyPatch.context() as patch:
        for name, place in zig_environment().items():
            patch.setenv(name, place)
        yield


@pytest.fixture(scope="module")
def exported(environment, tmp_path_factory):
    """The folder of an export of Everything with the wrapper."""
    need("zig")
    folder = tmp_path_factory.mktemp("wasm") / "out"
    modc.export(Everything(), folder, name="every", most={"log.0": 10, "x.0": 4, "var": 5}, freeze=["table"], wrappers=["wasm"])
    return folder / "wasm"


class Loaded:
    """A reactor in wasmtime."""

    def __init__(self, data):
        import wasmtime

        engine = wasmtime.Engine()
        self.store = wasmtime.Store(engine)
        self.module = wasmtime.Module(engine, data)
        self.exports = wasmtime.Instance(self.store, self.module, []).exports(self.store)
        self.base = self.exports["__heap_base"].value(self.store) + 63 & ~63
        self.memory = self.exports["memory"]
        self.memory.grow(self.store, 1)

    def call(self, name, *arguments):
        return self.exports[name](self.store, *arguments)

    def read(self, at, dtype, count=1):
        data = self.memory.read(self.store, at, at + np.dtype(dtype).itemsize * count)
        return np.frombuffer(bytes(data), dtype)

    def write(self, at, values):
        self.memory.write(self.store, values.tobytes(), at)


def test_the_binary_needs_nothing_and_computes_what_modc_does(environment):
    need("zig", "wasmtime")

    class Smoother(Module):
        def __init__(self):
            super().__init__()
            self.mean = T.dvector(init=[1.0, 2.0, 3.0])
            x, rate = T.dvector("x"), T.dscalar("rate")
            mean = self.mean + rate * (T.tanh(x) - self.mean)
            self.add = Method([x, rate], mean.sum(), {self.mean: mean})

    model = model_of(Smoother(), Options(name="smoother"))
    loaded = Loaded(wasm.binary(model))
    assert list(loaded.module.imports) == []
    python, rng = Smoother().make(mode="c"), np.random.default_rng(0)
    state, room = loaded.base, loaded.base + 1024
    loaded.call("smoother_init", state)
    for _ in range(20):
        x = rng.normal(size=3)
        loaded.write(room, x)
        assert loaded.call("smoother_add", state, room, 0.3, room + 24) == 0
        np.testing.assert_allclose(loaded.read(room + 24, "float64")[0], python.add(x, 0.3), rtol=1e-14)
    loaded.call("smoother_get_mean", state, room)
    np.testing.assert_allclose(loaded.read(room, "float64", 3), python.mean, rtol=1e-14)


def test_the_target_adds_the_self_test_which_passes(environment, tmp_path):
    need("zig", "wasmtime")
    import wasmtime

    model = model_of(Everything(), Options(name="every", most={"log.0": 10, "x.0": 4, "var": 5}))
    files = cross(model, ["wasm32-wasi"])
    assert {"lib/wasm32-wasi/libevery.a", "wasm/every.js", "wasm/index.html"} <= files.keys()
    engine = wasmtime.Engine()
    store, linker, config = wasmtime.Store(engine), wasmtime.Linker(engine), wasmtime.WasiConfig()
    config.stdout_file = str(tmp_path / "said")
    store.set_wasi(config)
    linker.define_wasi()
    started = linker.instantiate(store, wasmtime.Module(engine, files["lib/wasm32-wasi/every_selftest.wasm"]))
    try:
        started.exports(store)["_start"](store)
        code = 0
    except wasmtime.ExitTrap as stopped:
        code = stopped.code
    assert code == 0, (tmp_path / "said").read_text()


def test_the_files_are_the_same_each_time(environment, exported):
    model = model_of(Everything(), Options(name="every", most={"log.0": 10, "x.0": 4, "var": 5}, freeze=["table"]))
    files = wasm.files(model)
    assert sorted(files) == ["wasm/every.d.ts", "wasm/every.js", "wasm/every.wasm", "wasm/index.html"]
    for path, content in files.items():
        have = (exported.parent / path).read_bytes()
        assert have == (content if isinstance(content, bytes) else content.encode())


def test_initial_values_of_a_blob_are_in_the_binary(environment):
    need("zig", "wasmtime")
    loaded = Loaded(wasm.binary(model_of(Everything(), Options(name="every", most={"log.0": 10, "x.0": 4, "var": 5}, blob=True))))
    loaded.call("every_init", loaded.base)
    assert loaded.call("every_get_count", loaded.base) == 1


def test_the_types_say_what_the_class_takes(exported):
    text = (exported / "every.d.ts").read_text()
    assert "export class Everything {" in text
    assert "  push(x: Float64Array | Nested<number>, by?: number): [out0: number, out1: Float64Array];" in text
    assert "  get count(): bigint;\n  set count(value: bigint | number);" in text
    assert "  get table(): Shaped<Float32Array>;" in text
    assert "set table" not in text
    assert "  gram(var_1: Float64Array | Nested<number>): Shaped<Float64Array>;" in text
    assert text.count("*/") == text.count("/**")


class Array(Module):
    """Names that JavaScript has other uses for."""

    def __init__(self):
        super().__init__()
        self.constructor, self.copy = T.dscalar(init=2.0), T.dscalar(init=3.0)
        x, let, klass, rows = T.dscalar("x"), T.dscalar("let"), T.dscalar("class"), T.dmatrix("rows", shape=(0, 3))
        x.tag.unit, x.tag.doc = "°C", "one\n */ two <b>"
        self.arguments = Method([x, In(let, value=2.0), klass], x * self.copy + let - klass)
        self.none = Method([rows], [rows * 2])


def test_names_of_javascript_are_no_obstacle(environment, tmp_path):
    need("zig")
    modc.export(Array(), tmp_path / "out", name="odd", wrappers=["wasm"])
    text = (tmp_path / "out" / "wasm" / "odd.js").read_text()
    assert "export class ArrayModel {" in text
    assert "@param x x: float64, in °C, one * / two <b>" in text
    with served(tmp_path / "out" / "wasm") as address, browser() as driver:
        driver.get(f"{address}/index.html")
        assert driver.title == "Array"
        found = driver.execute_script(
            "return (async () => { const { ArrayModel } = await import(`${location.origin}/odd.js`); const one = new ArrayModel({ copy_1: 5 });"
            " return [one.arguments(2, undefined, 1), one.constructor_1, one.copy().copy_1, one.none([])[0].shape]; })()"
        )
    assert found == [11, 2, 5, [0, 3]]


def test_a_page_says_nothing_that_html_would_take_for_its_own(environment):
    need("zig")
    model = replace(model_of(Array(), Options(name="odd")), title="<b>&</b>")
    text = wasm.files(model)["wasm/index.html"]
    assert "<title>&lt;b&gt;&amp;&lt;/b&gt;</title>" in text
    assert text.count("</script") == 1


SCRIPT = """
return (async () => {
  "use strict";
  const { default: Everything, ModelError } = await import(`${location.origin}/every.js`);
  const plain = (value) => JSON.parse(JSON.stringify(value, (key, one) =>
    typeof one === "bigint" ? `${one}n` : ArrayBuffer.isView(one) ? { of: one.constructor.name, shape: one.shape, values: Array.from(one, (n) => typeof n === "bigint" ? `${n}n` : n) } : one) ?? "null");
  const seen = [];
  const note = (work) => { try { seen.push(plain(work())); } catch (error) { seen.push(`${error.name}: ${error.message}`); } };
  const one = new Everything({ count: 5 });
  const array = (values, shape) => Object.assign(Float64Array.from(values), { shape });
  for (const work of [WORK]) note(work);
  return seen;
})();
"""

FLOATS = "Float64Array"
CALLS = [
    ("one.count", "5n"),
    ("[one.ready, one.small]", [True, 4000000000]),
    ("one.table", {"of": "Float32Array", "shape": [2, 2], "values": [1, 0, 0, 1]}),
    ("one.log", {"of": FLOATS, "values": [0, 1, 2]}),
    ("one.push([1, 2])", [8, {"of": FLOATS, "values": [0, 2.5, 5, 2.5, 5]}]),
    ("one.push(new Float64Array(0), 1)[0]", 12),
    ("[one.count, one.log]", ["7n", {"of": FLOATS, "values": [0, 1, 2, 1, 2]}]),
    ("[one.pick(2), one.pick(3n), one.less(2), one.less(4n)]", [2, 1, [True], [False]]),
    ("one.gram([[1, 2], [3, 4], [5, 6]])", {"of": FLOATS, "shape": [3, 3], "values": [5, 11, 17, 11, 25, 39, 17, 39, 61]}),
    ("one.gram(array([1, 2], [1, 2]))", {"of": FLOATS, "shape": [1, 1], "values": [5]}),
    ("[one.later(), one.later(), one.later_level]", [2, 3, 4]),
    ("(one.ready = false, one.small = 4294967295, [one.ready, one.small])", [False, 4294967295]),
    ("{ const other = one.copy(); other.reset(); return [one.count, other.count]; }", ["7n", "1n"]),
    ("{ const kept = one.snapshot(); one.log = [9]; const seen = one.log; one.restore(kept); return [seen.length, one.log.length]; }", [1, 5]),
    ("{ const many = Array.from({ length: 2000 }, () => new Everything()); many[1999].push([1]); return [many[0].log.length, many[1999].log.length]; }", [3, 4]),
    ("one.push([1, 2, 3, 4, 5])", "RangeError: push: argument x: expects float64 of shape (at most 4), got (5)"),
    ("one.push(1)", "TypeError: push: argument x: expects an array, got 1"),
    ("one.push(['a'])", 'TypeError: push: argument x[0]: expects a number of type float64, got "a"'),
    ("one.pick(9)", "ModelError: pick: an index is out of bounds in log[at]"),
    ("one.pick(1.5)", "TypeError: pick: argument at: expects a number of type int64, got 1.5"),
    ("one.pick(2n ** 63n)", "RangeError: pick: argument at: expects a number of type int64, got 9223372036854775808n"),
    ("one.gram([1, 2])", "TypeError: gram: argument var: has several open sizes: give nested arrays, or an array with a property shape"),
    ("one.gram([[1, 2], [3]])", "RangeError: gram: argument var[1]: rows have different lengths"),
    ("one.gram(array([1, 2, 3], [2, 2]))", "RangeError: gram: argument var: has 3 elements, and a property shape of (2, 2)"),
    ("one.table = 1", "TypeError: Cannot set property table of #<Everything> which has only a getter"),
    ("new Everything({ nothing: 1 })", "TypeError: Everything has no member nothing that can be set"),
    ("new Everything({ table: 1 })", "TypeError: Everything has no member table that can be set"),
    ("one.restore(new Uint8Array(3))", re.compile("TypeError: restore takes the [0-9]+ bytes of a snapshot")),
    ("{ one.free(); return one.count; }", "Error: this Everything was freed"),
]  # fmt: skip


def test_the_class_converts_checks_and_reports(exported):
    with served(exported) as address, browser() as driver:
        driver.get(f"{address}/index.html")
        work = ", ".join(f"() => {text}" if text.startswith("{ ") else f"() => ({text})" for text, _ in CALLS)
        seen = driver.execute_script(SCRIPT.replace("WORK", work))
    assert len(seen) == len(CALLS)
    for (text, expected), found in zip(CALLS, seen, strict=True):
        if isinstance(expected, re.Pattern):
            assert expected.fullmatch(found), text
        else:
            assert found == expected, text


def test_the_page_runs_the_model_without_a_server(exported):
    need("chromium")
    with browser() as driver:
        driver.get((exported / "index.html").as_uri())
        field = {element.get_attribute("data-key"): element for element in driver.find_elements("css selector", "input, textarea, output")}
        button = {element.get_attribute("data-key"): element for element in driver.find_elements("css selector", "button[data-key]")}
        assert sorted(button) == ["gram", "later", "less", "pick", "push"]
        fill(field["push.x"], "1, 2")
        fill(field["push.by"], "10")
        button["push"].click()
        assert field["out1"].text == "0, 10, 20, 10, 20"
        assert field["log"].get_attribute("value") == "0, 1, 2, 1, 2"
        fill(field["count"], "40\n")
        button["push"].click()
        assert field["count"].get_attribute("value") == "41"
        fill(field["pick.at"], "77")
        button["pick"].click()
        assert "an index is out of bounds" in driver.find_element("id", "methods").text
        driver.find_element("id", "reset").click()
        assert field["count"].get_attribute("value") == "1"


def fill(element, text):
    element.clear()
    element.send_keys(text)


GOLDEN = """
return (async () => {
  const { default: Kind } = await import(`${location.origin}/NAME.js`);
  const calls = arguments[0], one = new Kind(), arrays = { bool: Uint8Array, int8: Int8Array, int16: Int16Array, int32: Int32Array,
    int64: BigInt64Array, uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, uint64: BigUint64Array, float32: Float32Array, float64: Float64Array };
  const number = (text, dtype) => dtype === "bool" ? text === "True" : dtype.endsWith("int64") ? BigInt(text) : Number(text.replace("inf", "Infinity"));
  const taken = ({ dtype, shape, values }) => shape.length === 0 ? number(values[0], dtype)
    : Object.assign(arrays[dtype].from(values, (text) => dtype === "bool" ? +(text === "True") : number(text, dtype)), { shape });
  const given = (value) => ArrayBuffer.isView(value) ? { shape: value.shape ?? [value.length], values: Array.from(value, String) } : { shape: [], values: [String(value)] };
  return calls.map(({ method, result, inputs, members }) => {
    try {
      const found = one[method](...inputs.map(taken));
      const list = result === "none" ? [] : result === "one" ? [found] : found;
      return { outputs: list.map(given), members: members.map((name) => given(one[name])) };
    } catch (error) {
      return { error: error.name };
    }
  });
})();
"""


def packed(value):
    """An array for GOLDEN: texts, because JSON has neither NaN nor integers of 64 bits."""
    return {"dtype": value.dtype.name, "shape": list(value.shape), "values": [str(item) for item in value.reshape(-1).tolist()]}


def unpacked(found, dtype):
    """An array from there."""
    words = {"true": 1, "false": 0, "Infinity": np.inf, "-Infinity": -np.inf}
    kind = int if dtype.kind in "iub" else float
    values = [words[text] if text in words else kind(text) for text in found["values"]]
    return np.array(values).astype(dtype).reshape(found["shape"]) if values else np.zeros(found["shape"], dtype)


def close(found, expected):
    """Whether a result agrees with a golden one."""
    have = unpacked(found, expected.value.dtype)
    assert have.shape == expected.value.shape
    with np.errstate(all="ignore"):
        far = np.abs(have.astype(np.float64) - expected.value.astype(np.float64))
    same = (have == expected.value) | ((have != have) & (expected.value != expected.value))
    return bool(np.all(same | (far <= expected.near) | (expected.near < 0)))


GOLDEN_ROWS = ["every_dtype", "nested", "shared_and_private", "odd_values", "grows", "open_sizes", "index_checks", "bad_names"]


def test_golden_calls_agree_in_the_browser(environment, tmp_path):
    need("zig")
    models = {}
    for name in GOLDEN_ROWS:
        make, options = ROWS[name]
        models[name] = modc.export(make(), tmp_path / name, **{"name": f"z_{name}", **options}, wrappers=["wasm"]).model
    with served(tmp_path) as address, browser() as driver:
        for name, model in models.items():
            driver.get(f"{address}/{name}/wasm/index.html")
            script, calls = Script(model), golden(model).calls
            names = {call.function.key: call.name for call in script.calls}
            rows = [
                {
                    "method": names[call.function.key], "result": call.function.fitted.called.result,
                    "inputs": [packed(one.value) for one in call.given], "members": [script.members[one.array.key] for one in call.members],
                }
                for call in calls
            ]  # fmt: skip
            text = GOLDEN.replace("${location.origin}", f"{address}/{name}/wasm").replace("NAME", model.name)
            for call, found in zip(calls, driver.execute_script(text, rows), strict=True):
                assert ("error" in found) == call.fails, (name, call.function.key, found)
                expected = [*call.outputs, *call.members]
                have = [] if call.fails else [*found["outputs"], *found["members"]]
                assert all(close(*pair) for pair in zip(have, expected, strict=True)), (name, call.function.key)


def test_without_a_compiler_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr("modc.build.toolchain.find_zig", lambda: None)
    with pytest.raises(ExportError, match=r"wasm32-wasi: the package ziglang is not installed") as error:
        modc.export(Everything(), tmp_path / "out", most={"log.0": 10, "x.0": 4, "var": 5}, wrappers=["wasm"])
    assert error.value.exit_code == 4
    assert list(tmp_path.iterdir()) == []

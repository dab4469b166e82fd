"""Small hand-written kernels for the tests of `build`, in process and as a program.

python build_kernels.py NAME NUMBER...      loads the kernels, prints JSON about each
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import warnings

from modc import config
from modc._abi import ffi
from modc.build import Library, Request, Source, load_all

_TEXT = """
#ifndef MODC_KEY
#define MODC_KEY ""
#endif

static int32_t add_run(modc_call *c)
{
    const double *inc = (const double *)c->buf[0];
    double *state = (double *)c->buf[1];
    double *out0 = (double *)c->buf[2];
    state[0] = state[0] + FACTOR * inc[0];
    out0[0] = state[0];
    return MODC_OK;
}

static const modc_arg add_args[3] = {
    { "inc", MODC_INPUT, MODC_FLOAT64, 0, 0, 0, 0 },
    { "state", MODC_MEMBER, MODC_FLOAT64, 0, MODC_WRITTEN, 0, 0 },
    { "out0", MODC_OUTPUT, MODC_FLOAT64, 0, 0, 0, 0 },
};

const modc_kernel modc_entry = {
    MODC_ABI, sizeof modc_entry, 1, 1, 1, 0, 0, 0, "Acc.add", MODC_KEY, add_args,
    0, add_run, 4, 0
};
"""


def c_text(factor: int) -> str:
    """A kernel: state += factor * inc, output state."""
    with open(os.path.join(config.csrc_dir(), "modc_abi.h"), encoding="utf-8") as file:
        return f"{file.read()}\n#define FACTOR {factor}.0\n{_TEXT}"


def key(factor: int) -> str:
    return hashlib.sha256(f"test kernel {factor}".encode()).hexdigest()


def request(factor: int, name: str = "Acc.add") -> Request:
    note = {"name": name, "inputs": ["inc"]}
    return Request(name, key(factor), lambda: Source(c_text(factor), note))


def call(library: Library, inc: float = 1.0, state: float = 0.0) -> float:
    """What the kernel computes: state + factor * inc."""
    kernel = ffi.cast("modc_kernel *", library.address)
    buffers = [ffi.new("double *", value) for value in (inc, state, 0.0)]
    pointers = ffi.new("void *[]", buffers)
    status = kernel.run(ffi.new("modc_call *", {"buf": pointers}))
    assert status == 0
    return float(buffers[2][0])


def main(name: str, *factors: str) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        libraries = load_all([request(int(factor), name) for factor in factors])
    facts = [
        {"value": call(library), "hit": library.cache_hit, "path": library.path}
        for library in libraries
    ]
    print(json.dumps({"kernels": facts, "warnings": [str(one.message) for one in caught]}))


if __name__ == "__main__":
    main(*sys.argv[1:])

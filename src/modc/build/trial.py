"""A real compilation of a small kernel, for `modc doctor`.

Input: the settings in force. Output: `Trial`: how long it took and what came out, or what is wrong.
It uses a cache directory of its own, so it always compiles. Neighbours: cli.doctor.
"""

from __future__ import annotations

import os
import tempfile
import time
import warnings
from hashlib import sha256

from modc import config
from modc._abi import ffi
from modc.build.library import Library, Request, Source
from modc.build.load import load_all
from modc.errors import ModcError

_KERNEL = """
#ifndef MODC_KEY
#define MODC_KEY ""
#endif

static int32_t trial_run(modc_call *c)
{
    const double *x = (const double *)c->buf[0];
    double *out0 = (double *)c->buf[1];
    out0[0] = 2.0 * x[0] + 1.0;
    return MODC_OK;
}

static const modc_arg trial_args[2] = {
    { "x", MODC_INPUT, MODC_FLOAT64, 0, 0, 0, 0 },
    { "out0", MODC_OUTPUT, MODC_FLOAT64, 0, 0, 0, 0 },
};

const modc_kernel modc_entry = {
    MODC_ABI, sizeof modc_entry, 1, 0, 1, 0, 0, 0, "doctor.trial", MODC_KEY, trial_args,
    0, trial_run, 2, 0
};
"""


class Trial:
    """Outcome of the trial: `problem` is empty when a right result came out."""

    __slots__ = ("c_source", "command", "importable", "problem", "seconds")

    def __init__(self) -> None:
        self.problem = ""
        self.seconds = 0.0
        self.importable = False  # whether kernels can be imported without modc
        self.command: list[str] = []
        self.c_source = ""


def trial_source() -> Source:
    """The trial kernel, x -> 2 x + 1."""
    with open(os.path.join(config.csrc_dir(), "modc_abi.h"), encoding="utf-8") as file:
        return Source(file.read() + _KERNEL, {"name": "doctor.trial"})


def try_compiler() -> Trial:
    """Compile, load and call the trial kernel."""
    result = Trial()
    key = sha256(os.urandom(16)).hexdigest()
    started = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory(prefix="modc-") as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the cache: doctor looks at that itself
            with config.using(MODC_CACHE_DIR=os.path.join(folder, "cache"), MODC_NO_COMPILE="0"):
                library = load_all([Request("doctor.trial", key, trial_source)])[0]
        result.problem = _call(library)
        build = library.note["build"]
        result.importable = build["importable"]
        result.command = build["command"]
        result.c_source = library.c_source
    except (ModcError, OSError) as error:
        result.problem = str(error)
    result.seconds = time.perf_counter() - started
    return result


def _call(library: Library) -> str:
    kernel = ffi.cast("modc_kernel *", library.address)
    x, out0 = ffi.new("double *", 20.5), ffi.new("double *")
    buffers = ffi.new("void *[]", [x, out0])
    call = ffi.new("modc_call *", {"buf": buffers})
    status = kernel.run(call)
    if (status, out0[0]) != (0, 42.0):
        return f"the kernel returned {status} and computed {out0[0]!r} where 42.0 is right"
    return ""

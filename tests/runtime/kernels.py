"""Hand-written kernels for the runtime's tests: each is what the emitter would write, in short.

`KERNELS[name]` is a C text that defines `modc_entry`; `library` compiles one and loads it.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

CSRC = Path(__file__).resolve().parents[2] / "csrc"

HEAD = '#include <stdint.h>\n#include <string.h>\n#include "modc_abi.h"\n'
KEY = "0" * 64


def unit(
    name: str,
    args: str,
    counts: tuple[int, int, int, int],
    run: str,
    n_dim: int = 0,
    plan: str | None = None,
    arena: int = 0,
    work: int = 4,
) -> str:
    """A translation unit around the body of `run` (and of `plan`)."""
    n_in, n_member, n_out, n_next = counts
    plan_text = "" if plan is None else f"static int32_t plan(modc_call *c) {{ {plan} }}\n"
    plan_name = "0" if plan is None else "plan"
    return (
        f"{HEAD}static const modc_arg args[] = {{ {args} }};\n{plan_text}"
        f"static int32_t run(modc_call *c) {{ {run} }}\n"
        f"const modc_kernel modc_entry = {{ MODC_ABI, sizeof(modc_kernel), {n_in}, {n_member}, "
        f'{n_out}, {n_next}, {n_dim}, 1, "{name}", "{KEY}", args, {plan_name}, run, '
        f"{work}, {arena} }};\n"
    )


def arg(kind: str, dtype: str, ndim: int, dim: int = 0, size: str = "0", flags: int = 0) -> str:
    return f'{{ "x", MODC_{kind}, MODC_{dtype}, {ndim}, {flags}, {dim}, {size} }}'


def scalar(kind: str, dtype: str = "FLOAT64", flags: int = 0) -> str:
    return arg(kind, dtype, 0, flags=flags)


F8 = "double"
IN, STATE, OUT = scalar("INPUT"), scalar("MEMBER", flags=1), scalar("OUTPUT")
SAME = (
    "if (c->dim[0] != c->dim[1]) {"
    " c->fail.site = 0; c->fail.axis = 0; c->fail.got = c->dim[0]; c->fail.want = c->dim[1];"
    " return MODC_FAIL; }"
)

KERNELS = {
    # out = state + inc; state <- state + inc
    "add": unit(
        "Acc.add",
        f"{IN}, {STATE}, {OUT}",
        (1, 1, 1, 0),
        "double *s = (double *)c->buf[1]; *s += *(const double *)c->buf[0];"
        " *(double *)c->buf[2] = *s; return MODC_OK;",
    ),
    # state <- state + inc, nothing returned
    "add_only": unit(
        "Acc.add",
        f"{IN}, {STATE}",
        (1, 1, 0, 0),
        "*(double *)c->buf[1] += *(const double *)c->buf[0]; return MODC_OK;",
    ),
    # out = a - b
    "sub": unit(
        "M.sub",
        f"{IN}, {IN}, {OUT}",
        (2, 0, 1, 0),
        "*(double *)c->buf[2] = *(const double *)c->buf[0] - *(const double *)c->buf[1];"
        " return MODC_OK;",
    ),
    # v <- v + x; out = new v; sizes must agree
    "vector": unit(
        "V.add",
        ", ".join(
            [
                arg("INPUT", "FLOAT64", 1, 0),
                arg("MEMBER", "FLOAT64", 1, 1, flags=1),
                arg("OUTPUT", "FLOAT64", 1, 2),
            ]
        ),
        (1, 1, 1, 0),
        "const double *x = (const double *)c->buf[0]; double *v = (double *)c->buf[1];"
        " double *o = (double *)c->buf[2];"
        " for (int64_t i = 0; i < c->dim[1]; i++) v[i] = 0.0 + v[i];"
        " for (int64_t i = 0; i < c->dim[1]; i++) { v[i] = v[i] + x[c->dim[1] - 1 - i];"
        " o[i] = v[i]; } return MODC_OK;",
        n_dim=3,
        plan=f"{SAME} c->dim[2] = c->dim[1]; c->work = c->dim[1]; return MODC_OK;",
    ),
    # v <- x, whatever its size (NEXT); count <- count + 1; out = old v
    "replace": unit(
        "V.replace",
        ", ".join(
            [
                arg("INPUT", "FLOAT64", 1, 0),
                arg("MEMBER", "FLOAT64", 1, 1),
                arg("MEMBER", "INT64", 0, 3, flags=1),
                arg("OUTPUT", "FLOAT64", 1, 2),
                arg("NEXT", "FLOAT64", 1, 3),
            ]
        ),
        (1, 2, 1, 1),
        "memcpy(c->buf[3], c->buf[1], (size_t)c->dim[1] * 8);"
        " memcpy(c->buf[4], c->buf[0], (size_t)c->dim[0] * 8);"
        " *(int64_t *)c->buf[2] += 1; return MODC_OK;",
        n_dim=4,
        plan="c->dim[2] = c->dim[1]; c->dim[3] = c->dim[0]; return MODC_OK;",
    ),
    # out0 = x*x, out1 = the elements > 0 (its size depends on data), out2 = 3 fixed int32
    "several": unit(
        "S.several",
        ", ".join(
            [
                arg("INPUT", "FLOAT64", 1, 0),
                arg("OUTPUT", "FLOAT64", 1, 1),
                arg("OUTPUT", "FLOAT64", 1, 2),
                arg("OUTPUT", "INT32", 1, 3, "three"),
            ]
        ),
        (1, 0, 3, 0),
        "const double *x = (const double *)c->buf[0]; double *a = (double *)c->buf[1];"
        " double *b = (double *)c->buf[2]; int32_t *k = (int32_t *)c->buf[3]; int64_t n = 0;"
        " double *t = (double *)c->arena;"
        " for (int64_t i = 0; i < c->dim[0]; i++) { t[i] = x[i] * x[i]; a[i] = t[i];"
        " if (x[i] > 0) b[n++] = x[i]; } c->dim[2] = n;"
        " for (int i = 0; i < 3; i++) k[i] = i; return MODC_OK;",
        n_dim=4,
        plan="c->dim[1] = c->dim[0]; c->dim[2] = c->dim[0]; c->dim[3] = 3;"
        " c->arena_bytes = c->dim[0] * 8; return MODC_OK;",
    ).replace(
        "static const modc_arg", "static const int64_t three[] = { 3 };\nstatic const modc_arg"
    ),
    # fails in run when the index is outside; nothing stored then
    "pick": unit(
        "P.pick",
        ", ".join(
            [
                scalar("INPUT", "INT64"),
                arg("MEMBER", "FLOAT64", 1, 0),
                arg("MEMBER", "INT64", 0, 1, flags=1),
                scalar("OUTPUT"),
            ]
        ),
        (1, 2, 1, 0),
        "int64_t i = *(const int64_t *)c->buf[0]; if (i < 0 || i >= c->dim[0]) {"
        " c->fail.site = 7; c->fail.axis = 0; c->fail.got = i; c->fail.want = c->dim[0];"
        " return MODC_FAIL; } *(int64_t *)c->buf[2] += 1;"
        " *(double *)c->buf[3] = ((const double *)c->buf[1])[i]; return MODC_OK;",
        n_dim=1,
    ),
    # v <- reversed x + v, in place: wrong if x overlaps v, unless the host copies
    "slow": unit(
        "Slow.run",
        f"{scalar('INPUT', 'INT64')}, {scalar('MEMBER', 'INT64', 1)}",
        (1, 1, 0, 0),
        "volatile int64_t *s = (volatile int64_t *)c->buf[1]; int64_t n = *(const int64_t *)c->buf[0];"
        " int64_t old = *s; *s = -1; for (volatile int64_t i = 0; i < n; i++) { }"
        " *s = old + 1; return MODC_OK;",
        work=1 << 20,
    ),
    # runs until `poll` says stop; without a poll at once
    "patient": unit(
        "Patient.run",
        f"{STATE}",
        (0, 1, 0, 0),
        "if (c->env && c->env->poll) { if (*(double *)c->buf[0] < 1.0)"
        " for (int64_t i = 0; i < (int64_t)1 << 40; i++)"
        " if (i % 100000 == 0 && c->env->poll(c->env->host)) return MODC_STOP; }"
        " *(double *)c->buf[0] += 1.0; return MODC_OK;",
        work=1 << 30,
    ),
    # asks for an output of as many elements as it is told
    "huge": unit(
        "Huge.run",
        f"{scalar('INPUT', 'INT64')}, {arg('OUTPUT', 'FLOAT64', 1, 0)}",
        (1, 0, 1, 0),
        "(void)c; return MODC_OK;",
        n_dim=1,
        plan="c->dim[0] = *(const int64_t *)c->buf[0]; return MODC_OK;",
    ),
    # x and v must have three elements: v <- x
    "three": unit(
        "Three.run",
        f"{arg('INPUT', 'FLOAT64', 1, 0, 'three')}, {arg('MEMBER', 'FLOAT64', 1, 1, 'three', 1)}",
        (1, 1, 0, 0),
        "memcpy(c->buf[1], c->buf[0], 24); return MODC_OK;",
        n_dim=2,
    ).replace(
        "static const modc_arg", "static const int64_t three[] = { 3 };\nstatic const modc_arg"
    ),
    # sum of forty numbers
    "forty": unit(
        "Forty.run",
        ", ".join([IN] * 40 + [OUT]),
        (40, 0, 1, 0),
        "double s = 0.0; for (int i = 0; i < 40; i++) s += *(const double *)c->buf[i];"
        " *(double *)c->buf[40] = s; return MODC_OK;",
    ),
}


def identity(dtype: str, ndim: int) -> str:
    """out = x for one dtype; vectors go through a plan."""
    n_dim, plan = (0, None) if ndim == 0 else (2, "c->dim[1] = c->dim[0]; return MODC_OK;")
    count = "1" if ndim == 0 else "(size_t)c->dim[0]"
    bits = "".join(ch for ch in dtype if ch.isdigit())
    size = 1 if dtype == "bool" else int(bits) // 8
    code = dtype.upper()
    return unit(
        "Id.run",
        f"{arg('INPUT', code, ndim, 0)}, {arg('OUTPUT', code, ndim, min(1, n_dim))}",
        (1, 0, 1, 0),
        f"memcpy(c->buf[1], c->buf[0], {count} * {size}); return MODC_OK;",
        n_dim=n_dim,
        plan=plan,
    )


def compile_kernel(text: str, directory: Path, name: str) -> Path:
    """Compile a kernel to a shared object."""
    source, target = directory / f"{name}.c", directory / f"{name}.so"
    if not target.exists():
        source.write_text(text)
        command = [
            *os.environ.get("CC", "cc").split(), "-std=c99", "-O1", "-shared", "-fPIC", "-Wall",
            "-Wextra", "-Werror", f"-I{CSRC}", "-o", str(target), str(source),
        ]  # fmt: skip
        subprocess.run(command, check=True)
    return target

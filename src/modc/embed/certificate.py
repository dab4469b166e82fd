"""What an export promises about itself: memory, work, and which member each function touches.

Input: a `Model`. Output: lines for the comment at the top of NAME.h, and its macros.
Neighbours: `work` counts operations, `footprint` stack; `c_header` prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from modc.config import csrc_dir
from modc.embed.blas import products
from modc.embed.footprint import FRAME, SLOT, Frame, frames, stack_bytes
from modc.embed.model import Function, Model
from modc.embed.work import FLOPS, Work, work_of
from modc.emit import Unit, needs_of
from modc.emit.names import MATH, comment
from modc.emit.sections import Section, library
from modc.emit.stmt import tables
from modc.schedule.loops import Table

#: Names in <math.h> that are macros or make no call into libm.
_NO_CALLS = frozenset(["NAN", "INFINITY", "isnan", "isinf", "isfinite", "signbit", "fma", "fmaf", "fabs", "fabsf", "copysign", "copysignf"])
_CALLED = re.compile(r"\b(\w+)\(")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
#: Nests of loops that are listed for one function.
_NESTS = 6


def certificate(model: Model) -> Iterator[str]:
    """The lines of the certificate."""
    code, parts = _text(model)
    yield f"RAM        {model.state_bytes} bytes: sizeof({model.name}_state), of which {model.work_bytes} are scratch"
    values, constants = flash(model, parts)
    texts = sum(len(comment(one)) + 1 for one in model.messages)
    yield f"constants  {values + constants} bytes: {values} of initial values and frozen members, {constants} of tables; {texts} of messages"
    yield f"libm       {', '.join(libm([code, *parts])) or 'none'}"
    if products(code):
        yield f"CBLAS      -D{model.upper}_USE_CBLAS takes matrix products from one (its stack is not counted below)"
    if model.options.real == "float32":
        yield from _wrapped("double     ", doubles(code) or ["none: single precision throughout"])
    yield "For each function: its float operations (the most, where sizes are open), its loops by their largest extents,"
    yield "its stack with all that it calls except libm, from -O0 to -O3, for 64-bit pointers and the baseline instructions."
    known = frames("\n".join([*parts, code]))
    for function in model.functions:
        yield ""
        yield f"{function.key}: reads {', '.join(function.reads) or '-'}; writes {', '.join(function.writes) or '-'}"
        work = work_of(function.fitted)
        yield from _wrapped("    ", _operations(work))
        yield from _wrapped("    loops: ", _nests(work) or ["none"], " | ")
        yield f"    stack: at most {stack(function, known)} bytes"


def macros(model: Model) -> Iterator[tuple[str, str, str]]:
    """(name, value, remark) of the macros with sizes; each name once."""
    used: set[str] = set()
    for name, value, remark in _macros(model):
        free = next(one for one in (name, *(f"{name}_{at}" for at in range(2, 10_000))) if one not in used)
        used.add(free)
        yield free, value, remark


def _macros(model: Model) -> Iterator[tuple[str, str, str]]:
    upper = model.upper
    yield f"{upper}_STATE_BYTES", str(model.state_bytes), f"sizeof({model.name}_state)"
    yield f"{upper}_WORK_BYTES", str(model.work_bytes), "scratch within it"
    code, parts = _text(model)
    known = frames("\n".join([*parts, code]))
    for one in (*model.members, *model.constants):
        if not one.is_number:
            yield f"{upper}_{one.name.upper()}_COUNT", str(one.count), "elements"
    for function in model.functions:
        own = f"{upper}_{function.name.upper()}"
        for array in (*function.inputs, *function.outputs):
            if not array.is_number:
                what = "elements at most" if any(array.open) else "elements"
                yield f"{own}_{array.name.upper()}_COUNT", str(array.count), what
        yield f"{own}_FLOPS", str(work_of(function.fitted).flops), f"{' + '.join(FLOPS)} of a call"
        yield f"{own}_STACK_BYTES", str(stack(function, known)), "stack of a call, at most"


def flash(model: Model, parts: Sequence[str]) -> tuple[int, int]:
    """Bytes of constants: initial values and frozen members; tables of kernels and of the csrc `parts`."""
    arrays = [one for one in model.members if not one.is_number and any(one.value.tobytes()) and not model.options.blob]
    values = sum(int(one.value.nbytes) for one in (*arrays, *model.constants))
    own: list[Table] = []
    for function in model.functions:
        own += tables((*(function.kernel.plan or ()), *function.kernel.body))
    shared = re.findall(r"static const (double|float|u?int(\d+)_t) \w+\[(\d+)\]", "\n".join(parts))
    sizes = {"double": 8, "float": 4}
    return values, sum(len(one.data) for one in own) + sum(
        int(count) * sizes.get(kind, int(bits or 0) // 8) for kind, bits, count in shared
    )


def stack(function: Function, known: dict[str, Frame]) -> int:
    """The most stack of one exported function: its own frame, and the deepest call below."""
    kernel = function.kernel
    arrays = (*function.inputs, *function.outputs)
    own = FRAME + SLOT * (len(arrays) + sum(bool(size) for one in arrays for size in one.open) + len(kernel.buffers))
    planned = 0
    if kernel.plan is not None:
        own += 8 * (kernel.slots + len(kernel.buffers)) + 128
        planned = stack_bytes(function.kernel_name + "_plan", known)
    return own + max(stack_bytes(function.kernel_name, known), planned)


def libm(texts: Sequence[str]) -> list[str]:
    """The functions of libm that C texts call, where the compiler does not put an instruction in their place."""
    found = {name for text in texts for name in _CALLED.findall(_COMMENT.sub(" ", text))}
    return sorted(name for name in found & MATH if name not in _NO_CALLS)


def doubles(code: str) -> list[str]:
    """What computes in double precision: functions of csrc that kernels call, and kernels over such arrays."""
    known = library(csrc_dir())
    plain = _COMMENT.sub(" ", code)
    found = [name for name in dict.fromkeys(_CALLED.findall(plain)) if name in known and _is_double(name, known, set())]
    return found + ["arrays of type double"] * bool(re.search(r"\bdouble\b", plain))


def _is_double(name: str, known: Mapping[str, Section], seen: set[str]) -> bool:
    """Whether a section of csrc, or one that it needs, has the type double."""
    if name in seen or name not in known:
        return False
    seen.add(name)
    section = known[name]
    if re.search(r"\bdouble\b", _COMMENT.sub(" ", section.text)) and not section.name.startswith("modc_work"):
        return True
    return any(_is_double(need, known, seen) for need in section.needs)


def _text(model: Model) -> tuple[str, list[str]]:
    """The C of all kernels, and the sections of csrc that it needs."""
    code = "\n".join(Unit(one.kernel, one.kernel_name).functions() for one in model.functions)
    return code, needs_of(code)[1]


def _operations(work: Work) -> list[str]:
    kinds = [(kind, work.counts[kind]) for kind in (*FLOPS, "comparisons") if work.counts[kind]]
    texts = [f"{count} {kind[:-1] if count == 1 and not kind.startswith('square') else kind}" for kind, count in kinds]
    texts += [f"{count} x {name}" for name, count in work.functions.items()]
    return texts or ["no float operations"]


def _nests(work: Work) -> list[str]:
    nests = [" x ".join(map(str, nest)) for nest in work.nests]
    return [*nests[:_NESTS], f"{len(nests) - _NESTS} more"] if len(nests) > _NESTS else nests


def _wrapped(head: str, texts: list[str], joint: str = ", ") -> list[str]:
    """Texts in lines of comment width."""
    return wrap(joint.join(texts), 100, initial_indent=head, subsequent_indent=" " * len(head), break_long_words=False)

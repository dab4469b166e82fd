"""The C functions that every self-test is built of.

Input: the code of a self-test, dtypes. Output: the helpers that it uses, in order: an unused static function is
a warning. Neighbours: `selftest`.
"""

from __future__ import annotations

import re

from modc.embed.numbers import MIXED, float_function, integer_function
from modc.graph import DType
from modc.graph.dtype import DTYPES

PASSED = """
static int passed(const char *what, int code, int low, int high) {
    checks++;
    if (code >= low && code <= high)
        return 1;
    failures++;
    say(("%s: returned %d, expected %d to %d\\n", what, code, low, high));
    (void)what;
    return 0;
}
"""

SIZED = """
static void sized(const char *what, int64_t got, int64_t want) {
    checks++;
    if (got == want)
        return;
    failures++;
    say(("%s: size %ld, expected %ld\\n", what, (long)got, (long)want));
    (void)what;
}
"""

#: FNV-1a (Fowler, Noll and Vo) of what a failed call must leave alone; {bytes} of the state.
DIGEST = """
static uint64_t digest(void) {
    const unsigned char *at = (const unsigned char *)(const void *)&state;
    uint64_t sum = UINT64_C(14695981039346656037);
    for (size_t i = 0; i != {bytes}; i++)
        sum = (sum ^ at[i]) * UINT64_C(1099511628211);
    return sum;
}

static void unchanged(const char *what, uint64_t before) {
    checks++;
    if (digest() == before)
        return;
    failures++;
    say(("%s: the state has changed\\n", what));
    (void)what;
}
"""

#: Whether the compiler makes one rounding of a product and a sum, or keeps more digits than the type has.
PROBE = """
static int fused{t}(void) {
    volatile {T} a = {one} + {small}, b = {one} - {small}, c = -{one};
    const {T} x = a, y = b, z = c;
    volatile {T} sum = x * y + z;
    return sum != {zero};
}
"""

_FLOAT = """
static void check{t}(const char *what, const {T} *got, int64_t step, const {T} *want, int64_t count, int exact) {
    for (int64_t i = 0; i < count; i++) {
        const {T} found = got[i * step], right = want[2 * i], most = want[2 * i + 1];
        checks++;
        if (memcmp(&found, &right, sizeof found) == 0 || (found != found && right != right))
            continue;
        if ((!exact || contracted) && (most < {zero} || (found - right <= most && right - found <= most)))
            continue;
        failures++;
        say(("%s[%ld]: got %.{digits}g, expected %.{digits}g, tolerance %g\\n", what, (long)(i * step), (double)found,
             (double)right, exact && !contracted ? 0.0 : (double)most));
        (void)what;
    }
}
"""

_WHOLE = """
static void check{t}(const char *what, const {T} *got, int64_t step, const {T} *want, int64_t count, int exact) {
    for (int64_t i = 0; i < count; i++) {
        const {T} found = got[i * step], right = want[2 * i], free = want[2 * i + 1];
        checks++;
        if (found == right || ((!exact || contracted) && free))
            continue;
        failures++;
        say(("%s[%ld]: got %{p}, expected %{p}\\n", what, (long)(i * step), ({long})found, ({long})right));
        (void)what;
    }
}
"""

_SAME = """
static void same{t}(const char *what, const {T} *got, int64_t count, uint64_t seed, {parameters}) {
    for (int64_t i = 0; i < count; i++) {
        const {T} right = some{t}(seed, i, {arguments});
        checks++;
        if (memcmp(&got[i], &right, sizeof right) == 0)
            continue;
        failures++;
        say(("%s[%ld]: not what was set\\n", what, (long)i));
        (void)what;
    }
}
"""


def helpers(code: str, digest_bytes: str) -> str:
    """The helper functions that `code` calls, each after what it needs."""
    called = set(re.findall(r"\b([a-z]+[0-9]*)\(", code))
    parts: list[str] = []
    if any(name.startswith(("fill", "same")) for name in called):
        parts.append(MIXED)
    for row in DTYPES.values():
        if {"fill" + row.suffix, "same" + row.suffix} & called:
            parts.append(float_function(row) if row.is_float else integer_function(row))
    parts += [text for name, text in (("passed", PASSED), ("sized", SIZED)) if name in called]
    if "digest" in called:
        parts.append(DIGEST.replace("{bytes}", digest_bytes))
    for row in DTYPES.values():
        parts += [_filled(_SAME, row)] if "same" + row.suffix in called else []
        parts += [_filled(_FLOAT if row.is_float else _WHOLE, row)] if "check" + row.suffix in called else []
        parts += [_filled(PROBE, row)] if "fused" + row.suffix in called else []
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _filled(text: str, row: DType) -> str:
    f = "f" if row.bits == 32 else ""
    fields = {
        "T": row.c_type, "t": row.suffix, "zero": f"0.0{f}", "one": f"1.0{f}", "digits": "9" if f else "17",
        "small": "1.220703125e-4f" if f else "7.450580596923828125e-9",  # 2**-13, 2**-27
        "long": "unsigned long" if row.kind == "u" else "long", "p": "lu" if row.kind == "u" else "ld",
        "parameters": "int range" if row.is_float else "int64_t low, uint64_t span",
        "arguments": "range" if row.is_float else "low, span",
    }  # fmt: skip
    for name, value in fields.items():
        text = text.replace("{" + name + "}", value)
    return text

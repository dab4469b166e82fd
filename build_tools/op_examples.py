"""Examples of functions that are one line over a row of the op table, and so have no docstring of their own to hold one.

Input of `reference_pages`: lines of Python by name, which it runs to show what they give.
"""

from __future__ import annotations

EXAMPLES: dict[str, str] = {
    "erf": "T.erf([0.0, 0.5, np.inf]).eval()",
}

"""Why kernels cannot be put into a package.

Input: nothing. Output: an exception whose text is one reason and a remedy. Neighbours: all of
`modc.wheel`; the setuptools commands make their own error of it.
"""

from __future__ import annotations

from modc.errors import ModcError


class Problem(ModcError):
    """A build cannot go on; the text says why, and after ``hint:`` what helps."""

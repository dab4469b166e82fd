"""From a Kernel to the text of one C99 translation unit, which is C++17 as well."""

from modc.emit.expr import literal
from modc.emit.unit import Unit, emit, needs_of, texts

__all__ = ["Unit", "emit", "literal", "needs_of", "texts"]

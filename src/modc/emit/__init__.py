"""From a Kernel to the text of one C99 translation unit, which is C++17 as well."""

from modc.emit.unit import emit, texts

__all__ = ["emit", "texts"]

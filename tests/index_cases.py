"""Random indices of every kind that NumPy has, and the same indices with Variables for their numbers, arrays and masks."""

from __future__ import annotations

from typing import Any

import numpy as np

import modc.tensor as T

Array = np.ndarray[Any, Any]


def random_index(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[Any, ...]:
    """An index that NumPy takes for an array of this shape: slices, numbers, None, ..., arrays, masks of any rank."""
    wide = int(rng.integers(1, 4))
    entries: list[Any] = []
    axis = 0
    dots = int(rng.integers(0, len(shape) + 1)) if rng.random() < 0.3 else -1
    while axis < len(shape):
        if axis == dots:
            skip = int(rng.integers(0, len(shape) - axis + 1))
            entries.append(Ellipsis)
            axis += skip
            dots = -1
            continue
        if rng.random() < 0.15:
            entries.append(None if rng.random() < 0.7 else True)
        entry, used = _entry(rng, shape[axis:], wide)
        if rng.random() < 0.12 and not any(one is Ellipsis for one in entries):
            break
        entries.append(entry)
        axis += used
    return tuple(entries)


def _entry(rng: np.random.Generator, shape: tuple[int, ...], wide: int) -> tuple[Any, int]:
    size = shape[0]
    kind = rng.choice(["slice", "slice", "number", "array", "mask", "masks"])
    if kind == "number" and size:
        return int(rng.integers(-size, size)), 1
    if kind == "array" and size:
        form = [(wide,), (wide,), (1,), (2, wide)][rng.integers(4)]
        return rng.integers(-size, size, form), 1
    if kind in ("mask", "masks"):
        rank = min(len(shape), int(rng.integers(2, 4))) if kind == "masks" else 1
        mask = np.zeros(shape[:rank], bool)
        if mask.size >= wide:
            mask.reshape(-1)[rng.permutation(mask.size)[:wide]] = True
            return mask, rank
    bound = lambda: None if rng.random() < 0.3 else int(rng.integers(-size - 2, size + 3))  # noqa: E731
    return slice(bound(), bound(), [None, 1, 2, 3, -1, -2, -3][rng.integers(7)]), 1


def symbolic(rng: np.random.Generator, index: tuple[Any, ...], given: dict[Any, Any]) -> tuple[Any, ...]:
    """The same index with some of its parts as root Variables, whose values are put into `given`."""

    def root(value: Any) -> Any:
        array = np.asarray(value)
        if rng.random() < 0.4:
            return value
        found = T.TensorType(array.dtype, [1 if size == 1 else None for size in array.shape])(f"p{len(given)}")
        given[found] = array
        return found

    def part(entry: Any) -> Any:
        if entry is None or entry is Ellipsis or entry is True:
            return entry
        if isinstance(entry, slice):
            return slice(*(None if one is None else root(one) for one in (entry.start, entry.stop, entry.step)))
        return root(entry)

    return tuple(part(entry) for entry in index)


def changed(data: Array, index: tuple[Any, ...], value: Any, mode: str) -> Array:
    """`data` after NumPy has set or combined `value` at the index."""
    found = data.copy()
    if mode == "set":
        found[index] = value
    else:
        function: Any = {"add": np.add, "mul": np.multiply, "min": np.minimum, "max": np.maximum}[mode]
        function.at(found, index, np.broadcast_to(value, found[index].shape))
    return found


CHANGES = {
    "set": T.set_subtensor, "add": T.inc_subtensor, "mul": T.mul_subtensor, "min": T.min_subtensor, "max": T.max_subtensor,
}  # fmt: skip


def case(seed: int) -> tuple[Array, tuple[Any, ...], tuple[Any, ...], Any, dict[Any, Any]]:
    """Data, an index of it, the same with Variables, the root of the data, values of all roots."""
    rng = np.random.default_rng(seed)
    while True:
        shape = tuple(int(size) for size in rng.integers(0 if rng.random() < 0.1 else 1, 6, int(rng.integers(1, 5))))
        data = rng.permutation(int(np.prod(shape))).astype(float).reshape(shape)
        index = random_index(rng, shape)
        try:
            data[index]
        except (IndexError, ValueError):
            continue
        x = T.TensorType("float64", [size if rng.random() < 0.3 or size == 1 else None for size in shape])("x")
        given: dict[Any, Any] = {x: data}
        return data, index, symbolic(rng, index, given), x, given

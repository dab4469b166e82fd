"""T.pad against numpy.pad: every mode, widths beyond the array, per-axis arguments, gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import function

M = np.random.default_rng(4).normal(size=(3, 4)) * 10
CASES: list[tuple[Any, dict[str, Any]]] = [
    (2, {}),
    ((1, 3), {"constant_values": 7.5}),
    (((1, 2), (0, 3)), {"constant_values": ((1, 2), (3, 4))}),
    (((5, 2), (9, 10)), {"mode": "edge"}),
    (((1, 2), (3, 0)), {"mode": "reflect"}),
    (((5, 12), (9, 17)), {"mode": "reflect"}),
    (((5, 6), (4, 9)), {"mode": "symmetric"}),
    (((5, 7), (9, 4)), {"mode": "wrap"}),
    (((1, 2), (2, 3)), {"mode": "reflect", "reflect_type": "odd"}),
    (((4, 5), (7, 3)), {"mode": "symmetric", "reflect_type": "odd"}),
    (((2, 1), (0, 4)), {"mode": "linear_ramp", "end_values": ((0, 5), (-2, 3))}),
    (2, {"mode": "maximum"}),
    (((1, 2), (3, 4)), {"mode": "minimum", "stat_length": ((1, 2), (3, 2))}),
    (((1, 2), (3, 4)), {"mode": "mean", "stat_length": 2}),
    (1, {"mode": "mean"}),
    (((1, 2), (3, 0)), {"mode": "median", "stat_length": ((2, 3), (3, 9))}),
    ({-1: (1, 2)}, {"mode": "edge"}),
]  # fmt: skip


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "int32"])
def test_every_mode_is_numpys(dtype: str, fixed: bool) -> None:
    data = M.astype(dtype)
    x = T.TensorType(dtype, (3, 4) if fixed else (None, None))("x")
    outputs = [T.pad(x, width, **options) for width, options in CASES]
    expected = [np.pad(data, width, **options) for width, options in CASES]
    for mode in ("c", "numpy"):
        found = function([x], outputs, mode=mode)(data)
        for got, want, (width, options) in zip(found, expected, CASES, strict=True):
            assert got.dtype == want.dtype
            exact = dtype == "int32" or options.get("mode") not in ("mean", "median", "linear_ramp", "reflect", "symmetric")
            check = np.testing.assert_array_equal if exact else np.testing.assert_allclose
            check(got, want, err_msg=f"{width} {options} {mode}")


def test_widths_may_be_symbolic() -> None:
    x, n = T.dvector("x"), T.lscalar("n")
    run = function([x, n], [T.pad(x, (n, 1), "symmetric"), T.pad(x, n), T.pad(x, (0, n), "wrap")])
    data = np.arange(3.0)
    for width in (0, 2, 7):
        found = run(data, width)
        np.testing.assert_array_equal(found[0], np.pad(data, (width, 1), "symmetric"))
        np.testing.assert_array_equal(found[1], np.pad(data, width))
        np.testing.assert_array_equal(found[2], np.pad(data, (0, width), "wrap"))


def test_gradients_agree_with_differences() -> None:
    weights = np.random.default_rng(0).normal(size=(7, 9))

    def cost(x: Any) -> Any:
        modes = ["constant", "edge", "reflect", "symmetric", "wrap", "linear_ramp", "maximum", "minimum", "mean"]
        padded = [T.pad(x, ((2, 2), (3, 2)), mode) for mode in modes] + [T.pad(x, ((2, 2), (3, 2)), "reflect", reflect_type="odd")]
        return sum((one * weights * (at + 1)).sum() for at, one in enumerate(padded))

    for mode in ("c", "numpy"):
        modc.check_grad(cost, [M / 10], mode=mode)


def test_an_empty_axis_has_nothing_to_repeat() -> None:
    x = T.dvector("x")
    for mode in ("edge", "wrap", "reflect", "mean"):
        with pytest.raises(ValueError, match="empty axis"):
            T.pad(T.TensorType("float64", (0,))("empty"), 1, mode)
        with pytest.raises(ValueError, match=r"empty axis|reduction"):
            function([x], T.pad(x, 1, mode))([])
    np.testing.assert_array_equal(function([x], T.pad(x, 1, constant_values=2.0))([]), [2, 2])


@pytest.mark.parametrize(
    ("width", "options", "match"),
    [(1, {"mode": "nearest"}, "not supported"), (-1, {}, "negative"), (((1, 2), (3, 4), (5, 6)), {}, "pair"),
     (1, {"mode": "mean", "stat_length": 0}, "stat_length"), (1, {"mode": "reflect", "reflect_type": "strange"}, "reflect_type")],
)  # fmt: skip
def test_bad_arguments_are_refused(width: Any, options: Any, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        T.pad(T.dmatrix("x"), width, **options)


@pytest.mark.parametrize("mode", ["numpy", "c"])
def test_a_function_pads_each_axis(mode):
    def theirs(vector, width, axis, options):
        vector[: width[0]] = options["value"] + axis
        vector[len(vector) - width[1] :] = vector[width[0]]

    def ours(vector, width, axis, options):
        filled = T.set_subtensor(vector[: width[0]], options["value"] + axis)
        return T.set_subtensor(filled[vector.shape[0] - width[1] :], filled[width[0]])

    x = T.dmatrix("x")
    data = np.arange(6.0).reshape(2, 3)
    found = modc.function([x], T.pad(x, ((1, 2), (2, 0)), ours, value=7.0), mode=mode)(data)
    np.testing.assert_array_equal(found, np.pad(data, ((1, 2), (2, 0)), theirs, value=7.0))
    with pytest.raises(TypeError, match="changed in place"):
        T.pad(x, 1, lambda vector, width, axis, options: None)
    with pytest.raises(ValueError, match="unsupported keyword"):
        T.pad(x, 1, "edge", value=7.0)

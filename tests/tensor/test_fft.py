from __future__ import annotations

import inspect

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import Method, Module, function
from modc.errors import DTypeError

MODES = ["c", "numpy"]
ONE = ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"]
REAL = ("rfft", "ihfft")
MANY = ["fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn"]
KINDS = {"float32": "complex64", "float64": "complex128"}


def data(shape, dtype, seed=0):
    rng = np.random.default_rng(seed)
    found = rng.normal(size=shape)
    if np.dtype(dtype).kind == "c":
        found = found + 1j * rng.normal(size=shape)
    return (found * 4).astype(dtype)


def agree(found, expected, points):
    """Equal but for a few roundings per pass, relative to the norm."""
    assert found.shape == expected.shape and found.dtype == expected.dtype
    limit = np.finfo(found.dtype).eps * (3.0 + np.log2(max(points, 1))) * np.linalg.norm(expected)
    assert np.linalg.norm(found - expected) <= limit


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("part", KINDS)
def test_every_length_equals_numpy_with_one_kernel_for_all(part, mode):
    kind = KINDS[part]
    z, x = T.TensorType(kind, (None,))("z"), T.TensorType(part, (None,))("x")
    n = T.lscalar("n")
    outputs = [getattr(T.fft, name)(x if name in REAL else z, n) for name in ONE]
    run = function([z, x, n], [*outputs, T.fft.fft(x, n), T.fft.ifft(x, n)], mode=mode)
    for points in [*range(1, 131), 210, 243, 509, 512, 1009, 2048, 2310, 4096, 5003]:
        for have in {points, points // 2 + 1, points + 3}:
            a, b = data(have, kind, points), data(have, part, points + 1)
            found = run(a, b, points)
            expected = [getattr(np.fft, name)(b if name in REAL else a, points) for name in ONE]
            for got, want in zip(found, [*expected, np.fft.fft(b, points), np.fft.ifft(b, points)], strict=True):
                agree(got, want, points)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ONE)
def test_every_axis_norm_and_number_of_points_equals_numpy(name, mode):
    values = data((3, 4, 5), "float64" if name in REAL else "complex128")
    x = T.TensorType(values.dtype.name, (None,) * 3)("x")
    cases = [(n, axis, norm) for n in (None, 3, 8) for axis in (0, 1, -1) for norm in (None, "backward", "ortho", "forward")]
    found = function([x], [getattr(T.fft, name)(x, *case) for case in cases], mode=mode)(values)
    for got, case in zip(found, cases, strict=True):
        agree(got, getattr(np.fft, name)(values, *case), 8)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", MANY)
def test_several_axes_equal_numpy(name, mode):
    values = data((3, 4, 5), "float64" if name.startswith("rfft") else "complex128")
    x = T.TensorType(values.dtype.name, (None,) * 3)("x")
    options = [
        {}, {"norm": "ortho"}, {"norm": "forward"}, {"axes": (0, 1)}, {"axes": (2, 0)}, {"axes": (1, 1)},
        {"s": (4, 6), "axes": (0, 2)}, {"s": (5, -1), "axes": (-2, -1)},
    ]  # fmt: skip
    found = function([x], [getattr(T.fft, name)(x, **each) for each in options], mode=mode)(values)
    for got, each in zip(found, options, strict=True):
        agree(got, getattr(np.fft, name)(values, **each), 120)


def test_sizes_may_be_expressions():
    x, m = T.dmatrix("x"), T.dmatrix("m")
    run = function([x, m], [T.fft.irfft2(T.fft.rfft2(x), s=x.shape), T.fft.fft(x, 2 * m.shape[0]), T.fft.fftn(x, s=m.shape)])
    values, other = data((3, 7), "float64"), data((2, 4), "float64")
    back, padded, several = run(values, other)
    np.testing.assert_allclose(back, values, atol=1e-14)
    agree(padded, np.fft.fft(values, 4), 4)
    agree(several, np.fft.fftn(values, s=(2, 4), axes=(0, 1)), 8)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint16", "int32", "uint64", "float32", "float64", "complex64", "complex128"])
def test_dtypes_are_numpys(dtype):
    values = np.array([1, 0, 1, 1, 0, 1]).astype(dtype)
    x = T.TensorType(dtype, (None,))("x")
    names = ["fft", "irfft"] + ["rfft"] * (values.dtype.kind != "c")
    for got, name in zip(function([x], [getattr(T.fft, name)(x) for name in names])(values), names, strict=True):
        agree(got, getattr(np.fft, name)(values), 6)


@pytest.mark.parametrize("mode", MODES)
def test_views_strides_and_empty_batches(mode):
    m = T.zmatrix("m")
    run = function([m], [T.fft.fft(m.T[::-1], axis=0), T.fft.ifft(m[:, ::2], 6), T.fft.irfft(m.T, 7, 0)], mode=mode)
    for values in (data((5, 6), "complex128"), data((9, 6), "complex128")[::2], np.zeros((0, 6), complex)):
        found = run(values)
        expected = [np.fft.fft(values.T[::-1], axis=0), np.fft.ifft(values[:, ::2], 6), np.fft.irfft(values.T, 7, 0)]
        for got, want in zip(found, expected, strict=True):
            agree(got, want, 8)


@pytest.mark.parametrize("mode", [*MODES, "check"])
def test_lines_without_elements_are_zeros_of_any_length(mode):
    x, z = T.dmatrix("x"), T.zmatrix("z")
    run = function([x, z], [T.fft.rfft(x, 4), T.fft.fft(x, 3), T.fft.ifft(z, 5), T.fft.irfft(z, 4), T.fft.hfft(z, 7)], mode=mode)
    for got, points in zip(run(np.zeros((2, 0)), np.zeros((2, 0), complex)), (3, 3, 5, 4, 7), strict=True):
        np.testing.assert_array_equal(got, np.zeros((2, points)))


def test_mode_check_accepts_them():
    x, z = T.fmatrix("x"), T.zvector("z")
    run = function([x, z], [T.fft.rfft2(x), T.fft.fft(z, 37), T.fft.irfft(z)], mode="check")
    run(data((6, 20), "float32"), data(30, "complex128"))


def test_what_goes_out_comes_back():
    x, z = T.dmatrix("x"), T.zmatrix("z")
    both = [T.fft.irfft(T.fft.rfft(x), x.shape[1]), T.fft.ifft2(T.fft.fft2(z)), T.fft.hfft(T.fft.ihfft(x), x.shape[1])]
    values, others = data((3, 45), "float64"), data((14, 9), "complex128")
    there, here, again = function([x, z], both)(values, others)
    for got, want in ((there, values), (here, others), (again, values)):
        np.testing.assert_allclose(got, want, atol=1e-13)


# Gradients


def bent(y):
    """Of both parts, so that every part of the gradient is asked for."""
    return y.real**2 * 0.3 + y.imag**3 * 0.1 + y.real * y.imag if y.dtype.startswith("complex") else y**3


@pytest.mark.parametrize("name", ONE)
def test_gradients_agree_with_differences(name):
    f = getattr(T.fft, name)
    cases = [(None, -1, None), (5, 0, "ortho"), (2, 1, "forward")]
    modc.check_grad(lambda x: T.concatenate([bent(f(x, *case)).flatten() for case in cases]), [data((3, 4), "float64")])
    if name not in REAL:
        modc.check_grad(lambda z: T.concatenate([bent(f(z, *case)).flatten() for case in cases]), [data((3, 4), "complex128")])


def test_gradients_in_numpy_mode_and_of_several_axes():
    values = data((2, 3, 4), "float64")
    modc.check_grad(lambda x: bent(T.fft.rfftn(x, axes=(0, 2))), [values], mode="numpy")
    modc.check_grad(lambda x: bent(T.fft.irfft2(T.fft.fft2(x) * (1 + 2j), s=(3, 5))), [values])


def test_a_gradient_through_unknown_lengths():
    x, n = T.dvector("x"), T.lscalar("n")
    cost = (abs(T.fft.rfft(x, n)) ** 2).sum()
    slope = function([x, n], T.grad(cost, x))
    for have, points in ((6, 6), (6, 4), (4, 9)):
        values = data(have, "float64")
        weights = np.full(points // 2 + 1, 2.0)
        matrix = np.fft.rfft(np.eye(have), points).T
        expected = 2 * ((matrix.conj().T * (weights / 2)) @ matrix).real @ values
        np.testing.assert_allclose(slope(values, points), expected, atol=1e-11)


def test_jacobians_are_the_matrix_of_the_transform():
    x = T.dvector("x")
    for build, reference in (
        (lambda v: T.fft.rfft(v).real, np.fft.rfft(np.eye(6)).real.T),
        (lambda v: T.fft.fft(v, 9).imag, np.fft.fft(np.eye(6), 9).imag.T),
        (lambda v: T.fft.irfft(v, 7), np.fft.irfft(np.eye(6), 7).T),
    ):
        values = data(6, "float64")
        matrix, product = function([x], [T.jacobian(build(x), x), T.Rop(build(x), x, x)])(values)
        np.testing.assert_allclose(matrix, reference, atol=1e-13)
        np.testing.assert_allclose(product, reference @ values, atol=1e-12)


def test_a_circular_convolution_with_a_learned_filter():
    class Filter(Module):
        def __init__(self):
            super().__init__()
            self.w = T.dvector()
            x, y = T.dvector("x"), T.dvector("y")
            found = T.fft.irfft(T.fft.rfft(x) * T.fft.rfft(self.w), x.shape[0])
            cost = ((found - y) ** 2).mean()
            self.step = Method([x, y], cost, {self.w: self.w - 0.02 * T.grad(cost, self.w)})

    rng = np.random.default_rng(0)
    made = Filter().make(w=np.zeros(8))
    wanted = np.array([0.5, -0.25, 0, 0, 0, 0, 0, 0.25])
    for _ in range(300):
        x = rng.normal(size=8)
        made.step(x, np.fft.irfft(np.fft.rfft(x) * np.fft.rfft(wanted), 8))
    np.testing.assert_allclose(made.w, wanted, atol=1e-3)


# Frequencies and shifts


@pytest.mark.parametrize("name", ["fftfreq", "rfftfreq"])
def test_frequencies_equal_numpy(name):
    n, d = T.lscalar("n"), T.dscalar("d")
    run = function([n, d], getattr(T.fft, name)(n, d))
    for points in (1, 2, 5, 8):
        np.testing.assert_array_equal(run(points, 0.3), getattr(np.fft, name)(points, 0.3))
        np.testing.assert_array_equal(getattr(T.fft, name)(points).eval(), getattr(np.fft, name)(points))


@pytest.mark.parametrize("name", ["fftshift", "ifftshift"])
def test_shifts_equal_numpy(name):
    x = T.dmatrix("x")
    options = [None, 0, -1, (0,), (1, 0)]
    run = function([x], [getattr(T.fft, name)(x, axes) for axes in options])
    for shape in ((4, 5), (3, 2), (1, 0)):
        values = data(shape, "float64")
        for got, axes in zip(run(values), options, strict=True):
            np.testing.assert_array_equal(got, getattr(np.fft, name)(values, axes))
    modc.check_grad(lambda v: getattr(T.fft, name)(v) ** 3, [data((4, 5), "float64")])


# Errors, protocols


def test_too_few_points_are_refused_at_once_or_at_the_call():
    x, n = T.zvector("x"), T.lscalar("n")
    for points in (0, -1):
        with pytest.raises(ValueError, match=rf"Invalid number of FFT data points \({points}\) specified"):
            T.fft.fft(x, points)
    for name in ("rfft", "fft"):
        with pytest.raises(ValueError, match=r"Invalid number of FFT data points \(0\) specified"):
            getattr(T.fft, name)(T.zeros((3, 0)))
    with pytest.raises(ValueError, match=r"Invalid number of FFT data points \(0\) specified"):
        T.fft.irfft(T.zeros((3, 1)))
    run = function([x, n], [T.fft.fft(x, n), T.fft.irfft(x, n)])
    for mode in MODES:
        own = function([x], [T.fft.fft(x), T.fft.irfft(x)], mode=mode)
        for values in (np.zeros(1, complex), np.zeros(0, complex)):
            with pytest.raises(ValueError, match="Invalid number of FFT data points"):
                own(values)
    for points in (0, -3):
        with pytest.raises(ValueError, match="Invalid number of FFT data points"):
            run([1, 2], points)


def test_bad_arguments_are_refused():
    x, z, number = T.dmatrix("x"), T.zvector("z"), T.dscalar("number")
    with pytest.raises(ValueError, match="Invalid norm value"):
        T.fft.fft(x, norm="other")
    with pytest.raises(ValueError, match="axis 2 is out of bounds"):
        T.fft.fft(x, axis=2)
    with pytest.raises(ValueError, match="out of bounds"):
        T.fft.fft(number)
    with pytest.raises(ValueError, match="out of bounds"):
        T.fft.fft2(z)
    with pytest.raises(ValueError, match="Shape and axes have different lengths"):
        T.fft.fftn(x, s=(3,), axes=(0, 1))
    with pytest.raises(DTypeError, match="rfft of complex128"):
        T.fft.rfft(z)
    with pytest.raises(TypeError):
        T.fft.fft(x, 2.5)
    with pytest.raises(IndexError):
        T.fft.rfftn(x, axes=())
    with pytest.raises(ValueError, match="out of bounds"):
        T.fft.fftshift(x, axes=5)


def test_numpys_functions_build_the_graph():
    x = T.dmatrix("x")
    values = data((3, 4), "float64")
    found = function([x], [np.fft.fft(x, 5, axis=0), np.fft.rfft2(x, norm="ortho"), np.fft.fftshift(x)])(values)
    expected = [np.fft.fft(values, 5, axis=0), np.fft.rfft2(values, norm="ortho"), np.fft.fftshift(values)]
    for got, want in zip(found, expected, strict=True):
        np.testing.assert_allclose(got, want, atol=1e-14)


def test_signatures_are_numpys_without_out():
    for name in T.fft.__all__:
        theirs = [one for one in inspect.signature(getattr(np.fft, name)).parameters if one not in ("out", "device")]
        assert list(inspect.signature(getattr(T.fft, name)).parameters) == theirs
    assert set(T.fft.__all__) == set(np.fft.__all__)

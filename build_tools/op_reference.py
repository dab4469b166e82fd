"""What the reference pages are made from: which group a function stands in, and how to call it to find out about it.

Output: tables by name. Neighbours: `reference_pages` makes docs/reference of them. A public function that stands in no
group here comes into a last one of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import modc.tensor as T
from modc import sparse

Call = Callable[..., Any]

# fmt: off
#: Title -> names. A name that is another one's alias stands in the row of the first.
GROUPS: dict[str, str] = {
    "Arithmetic": "add sub mul true_div floor_div mod fmod divmod ceil_intdiv pow float_power neg positive abs fabs sign sqr "
        "reciprocal maximum minimum fmax fmin clip hypot gcd lcm",
    "Comparison and logic": "eq neq lt le gt ge isclose allclose array_equal array_equiv isnan isinf isposinf isneginf isfinite nan_to_num where switch "
        "heaviside logical_and logical_or logical_xor logical_not and_ or_ xor bitwise_and bitwise_or bitwise_xor invert "
        "left_shift right_shift bitwise_count",
    "Elementary functions": "exp exp2 exp10 expm1 exprel log log2 log10 log1p logaddexp logaddexp2 log1mexp xlogy xlog1py sqrt cbrt sin cos cosm1 "
        "tan arcsin arccos arctan arctan2 sinc deg2rad rad2deg sinh cosh tanh arcsinh arccosh arctanh sigmoid logit softplus log1pexp",
    "Special functions": "erf erfc erfcx erfi erfinv erfcinv dawsn gamma gammaln gammasgn rgamma multigammaln factorial binom comb perm "
        "poch digamma trigamma polygamma zeta gammainc gammaincc gammaincinv gammainccinv gammal gammau beta betaln betainc betaincc "
        "betaincinv betainccinv expi exp1 expn ellipk ellipkm1 ellipe i0 i0e i1 i1e j0 j1 jn jve y0 y1 yn yve iv ive k0 k0e k1 k1e kn kve "
        "spherical_jn spherical_yn spherical_in spherical_kn",
    "Distributions, entropies, losses": "ndtr ndtri log_ndtr ndtri_exp owens_t chdtr chdtrc chi2sf chdtri stdtr stdtrit fdtr fdtrc fdtri gdtr gdtrc "
        "bdtr bdtrc nbdtr nbdtrc pdtr pdtrc xlogx xlogy0 entr rel_entr kl_div log_expit boxcox inv_boxcox boxcox1p inv_boxcox1p huber "
        "pseudo_huber",
    "Rounding, parts of floats, dtypes": "floor ceil trunc round around rint round_half_to_even round_half_away_from_zero iround "
        "signbit copysign nextafter spacing ldexp frexp modf cast",
    "Reductions": "sum prod mean average var std max min ptp argmax argmin max_and_argmax any all logsumexp norm apply_over_axes",
    "Reductions that leave out NaN": "nansum nanprod nanmean nanvar nanstd nanmax nanmin nanargmax nanargmin nanmedian "
        "nanquantile nanpercentile nancumsum nancumprod",
    "Running combinations": "cumsum cumprod cumulative_sum cumulative_prod cummax cummin logcumsumexp",
    "Sorting": "sort argsort lexsort topk argtopk topk_and_argtopk partition argpartition msort searchsorted",
    "Sets": "unique unique_values unique_all unique_counts unique_inverse union1d intersect1d setdiff1d setxor1d isin in1d",
    "Statistics": "median quantile percentile histogram histogram_bin_edges histogram2d histogramdd bincount digitize cov corrcoef",
    "Differences, areas, interpolation, convolution": "diff ediff1d finite_gradient trapezoid unwrap interp convolve correlate",
    "Products": "dot matmul inner outer vdot vecdot matvec vecmat cross tensordot einsum batched_dot batched_tensordot",
    "Linear algebra": "kron linalg.solve linalg.solve_triangular linalg.cho_solve linalg.cholesky linalg.lu linalg.lu_factor "
        "linalg.lu_solve linalg.qr linalg.eigh linalg.eigvalsh linalg.eig linalg.eigvals linalg.svd linalg.svdvals linalg.inv "
        "linalg.pinv linalg.lstsq linalg.det linalg.slogdet linalg.matrix_rank linalg.cond linalg.expm "
        "linalg.matrix_power linalg.multi_dot linalg.matrix_dot linalg.block_diag linalg.trace linalg.matrix_transpose linalg.norm linalg.vector_norm "
        "linalg.matrix_norm linalg.tensorsolve linalg.tensorinv",
    "Polynomials and windows": "polyval polyadd polysub polymul polyder polyint polyfit bartlett blackman hamming hanning kaiser",
    "Fourier transforms": "fft.fft fft.ifft fft.rfft fft.irfft fft.hfft fft.ihfft fft.fft2 fft.ifft2 fft.rfft2 fft.irfft2 "
        "fft.fftn fft.ifftn fft.rfftn fft.irfftn fft.fftfreq fft.rfftfreq fft.fftshift fft.ifftshift",
    "Complex numbers": "complex complex_from_polar real imag conj angle iscomplex isreal iscomplexobj isrealobj",
    "Making arrays": "constant as_tensor_variable zeros ones full zeros_like ones_like full_like fill alloc arange linspace "
        "logspace geomspace eye identity identity_like tri vander empty empty_like copy fromfunction",
    "Shapes": "shape size reshape flatten ravel transpose dimshuffle swapaxes moveaxis squeeze expand_dims shape_padleft "
        "shape_padright shape_padaxis rollaxis atleast_1d atleast_2d atleast_3d atleast_Nd broadcast_to broadcast_arrays "
        "broadcast_shape broadcast_shapes permute_dims matrix_transpose join_dims split_dims specify_shape specify_broadcastable scalar_from_tensor get_vector_length get_scalar_constant_value addbroadcast unbroadcast patternbroadcast",
    "Joining and repeating": "concatenate join stack hstack vstack dstack column_stack horizontal_stack vertical_stack block "
        "stacklists concat append insert delete tile repeat resize",
    "Cutting, turning, padding": "split array_split hsplit vsplit dsplit unstack trim_zeros flip fliplr flipud rot90 roll pad",
    "Parts": "take take_along_axis put_along_axis put putmask place compress extract choose select piecewise apply_along_axis set_subtensor inc_subtensor "
        "mul_subtensor min_subtensor max_subtensor permute_row_elements tril triu",
    "Diagonals": "diag diagonal diagflat alloc_diag fill_diagonal fill_diagonal_offset trace",
    "Positions and grids": "nonzero flatnonzero nonzero_values argwhere count_nonzero unravel_index ravel_multi_index "
        "inverse_permutation tril_indices triu_indices tril_indices_from triu_indices_from diag_indices diag_indices_from "
        "mask_indices ix_ indices meshgrid",
    "Neural networks": "softmax log_softmax relu nnet.relu6 nnet.leaky_relu nnet.prelu nnet.elu nnet.celu nnet.selu nnet.gelu "
        "nnet.swish nnet.mish nnet.hard_sigmoid nnet.hard_swish nnet.hard_tanh nnet.softsign nnet.glu nnet.batch_normalization nnet.batch_normalization_train nnet.batch_normalization_test one_hot to_one_hot "
        "nnet.confusion_matrix nnet.binary_crossentropy nnet.sigmoid_binary_crossentropy nnet.categorical_crossentropy "
        "nnet.softmax_cross_entropy nnet.crossentropy_softmax_1hot nnet.crossentropy_softmax_1hot_with_bias "
        "nnet.crossentropy_softmax_max_and_argmax_1hot nnet.crossentropy_softmax_max_and_argmax_1hot_with_bias "
        "nnet.crossentropy_categorical_1hot",
}
#: The same of `modc.sparse`.
SPARSE: dict[str, str] = {
    "Sparse matrices": "csr_matrix csc_matrix matrix shared SparseType CSM CSR CSC as_sparse_variable as_sparse_or_tensor_variable "
        "is_sparse_variable csr_from_dense csc_from_dense from_dense dense_from_sparse csm_data csm_indices csm_indptr csm_shape "
        "csm_properties cast transpose neg add sub mul row_scale col_scale dot sampled_dot sampling_dot usmm sp_sum diag "
        "square_diagonal sp_ones_like sp_zeros_like hstack vstack structured_add structured_add_s_v structured_pow "
        "structured_maximum structured_minimum structured_exp structured_log structured_sigmoid remove0 clean "
        "ensure_sorted_indices verify",
}
#: Title -> names of what is described, but not called to find out about it.
UNCALLED: dict[str, str] = {
    "Derivatives": "grad jacobian hessian hessian_vector_product Lop vjp Rop jvp disconnected_grad zero_grad grad_clip grad_scale",
    "Looking and checking": "pp debugprint Print Assert assert_op",
    "Replacing parts": "clone_replace graph_replace",
    "Ops of your own": "op as_op wrap_py OpFromGraph",
}
#: Title -> what is true of all functions of a group.
INTRODUCTIONS: dict[str, str] = {
    "Arithmetic": "Operators say the same: `a + b`, `-a`, `a // b`, `a ** b`, `abs(a)`. Integers wrap and nothing traps, see "
        "[dtypes](../language.md#dtypes).",
    "Comparison and logic": "Operators say the same: `a < b`, `a & b`, `~a`; but `==` compares identity, so elements are compared "
        "by `eq` and `neq`.",
    "Elementary functions": "Outside the domain the result is NaN, at a pole infinite, without a warning.",
    "Special functions": "SciPy's names, and PyTensor's. Outside the domain the result is NaN, at a pole infinite, without a warning.",
    "Reductions": "`axis` is an int, several, or None for all axes. Most are methods too: `x.sum(axis=0)`. What has no value of "
        "nothing, such as `max`, is a ValueError for an empty array.",
    "Sorting": "Sorting is stable, and NaN comes last. Gradients go where the elements came from.",
    "Sets": "How many elements there are only the call knows; such sizes may stand [wherever sizes may](../language.md#indexing).",
    "Linear algebra": "All but a few take stacks of matrices: axes in front are a batch. What has no solution is a "
        "`numpy.linalg.LinAlgError` at the call, before anything changes. `T.slinalg` and `T.nlinalg` have Theano's names.",
    "Fourier transforms": "Of any length, along any axes, with NumPy's names, norms and dtypes: float32 gives complex64.",
    "Sparse matrices": "In the names of `theano.sparse`; in and out go SciPy's sparse arrays. Structures are fixed: results have that of "
        "their operand, and so have gradients by a sparse matrix. Operators and methods say the same: `a @ x`, `a + b`, `a.T`. Of each "
        "stored element there are also `sparse.` " + ", ".join(f"`{one}`" for one in sparse.elementwise.__all__ if "_" not in one) + ".",
    "Making arrays": "Sizes may be symbolic: `T.zeros((x.shape[0], 3))`.",
    "Parts": "Indexing is in [the language](../language.md#indexing). Variables do not change: what sets elements gives a new one, "
        "which as an update of a member is written in place.",
    "Derivatives": "See [gradients](../language.md#gradients) for what is differentiable, and what happens at corners.",
    "Looking and checking": "See [looking at expressions](../language.md#looking-at-expressions).",
    "Ops of your own": "How to write them, with examples: [ops of your own](../user-ops.md).",
}
OTHERS = frozenset([
    "OpFromGraph", "Print", "as_op", "debugprint", "op", "pp", "pprint", "printing", "wrap_py",
    "Assert", "Constant", "DisconnectedInputError", "Lop", "NoGradientError", "Rop", "TensorType", "Variable", "assert_op",
    "disconnected_grad", "grad", "grad_clip", "grad_scale", "hessian", "hessian_vector_product", "jacobian", "jvp", "linalg", "mgrid", "nlinalg", "nnet", "ogrid",
    "slinalg", "tensor", "vjp", "zero_grad",
    "SharedSparse", "SparseForm", "SparseVariable", "csc_dmatrix", "csc_fmatrix", "csr_dmatrix", "csr_fmatrix",
])

#: Modules of the language whose functions are called by their names too.
SCOPES = ("nnet", "linalg", "fft")

#: How to call what does not take just arrays. Each argument is a matrix of 2 rows and 3 columns; gradients are by these names.
_VECTOR = T.constant([0, 1])
SAMPLES: dict[str, Call] = {
    "ldexp": lambda x: T.ldexp(x, T.constant(2)), "polygamma": lambda x: T.polygamma(2, x),
    "nnet.glu": lambda x: T.nnet.glu(x[:, :2]), "one_hot": lambda x: T.one_hot(_VECTOR, 3),
    "to_one_hot": lambda x: T.to_one_hot(_VECTOR, 3),
    "nnet.confusion_matrix": lambda x: T.nnet.confusion_matrix(_VECTOR, _VECTOR)[0],
    "topk": lambda x: T.topk(x, 2), "argtopk": lambda x: T.argtopk(x, 2), "topk_and_argtopk": lambda x: T.topk_and_argtopk(x, 2),
    "partition": lambda x: T.partition(x, 1), "argpartition": lambda x: T.argpartition(x, 1),
    "searchsorted": lambda x: T.searchsorted(x[0], x), "bincount": lambda x: T.bincount(x[0]),
    "quantile": lambda x: T.quantile(x, 0.5), "percentile": lambda x: T.percentile(x, 50),
    "nanquantile": lambda x: T.nanquantile(x, 0.5), "nanpercentile": lambda x: T.nanpercentile(x, 50),
    "digitize": lambda x: T.digitize(x, x[0]), "finite_gradient": lambda x: T.finite_gradient(x, axis=0),
    "interp": lambda x, xp, fp: T.interp(x, xp[0], fp[0]), "convolve": lambda a, v: T.convolve(a[0], v[1]),
    "correlate": lambda a, v: T.correlate(a[0], v[1]),
    "linalg.solve": lambda a, b: T.linalg.solve(a[:, :2], b),
    "linalg.solve_triangular": lambda a, b: T.linalg.solve_triangular(a[:, :2], b),
    "linalg.cho_solve": lambda factor, b: T.linalg.cho_solve((factor[:, :2], True), b),
    "linalg.cholesky": lambda x: T.linalg.cholesky(x[:, :2]),
    "linalg.lu_factor": lambda x: T.linalg.lu_factor(x[:, :2])[0],
    "linalg.lu_solve": lambda factors, b: T.linalg.lu_solve((factors[:, :2], _VECTOR), b),
    "linalg.qr": lambda x: T.linalg.qr(x.T)[0],
    "linalg.eigh": lambda x: T.linalg.eigh(x[:, :2])[1],
    "get_vector_length": lambda v: T.get_vector_length(v[0]), "get_scalar_constant_value": lambda v: T.get_scalar_constant_value(2),
    "nnet.batch_normalization": lambda inputs, gamma, beta, mean, std: T.nnet.batch_normalization(inputs, gamma[0], beta[0], mean[0], std[0]),
    "nnet.batch_normalization_train": lambda inputs, gamma, beta: T.nnet.batch_normalization_train(inputs, gamma[:1], beta[:1]),
    "nnet.batch_normalization_test": lambda inputs, gamma, beta, mean, var:
        T.nnet.batch_normalization_test(inputs, gamma[:1], beta[:1], mean[:1], var[:1]),
    "multigammaln": lambda a: T.multigammaln(a, 2),
    "linalg.lu": lambda x: T.linalg.lu(x[:, :2])[1:], "linalg.matrix_dot": lambda args: T.linalg.matrix_dot(args, args.T),
    "linalg.eig": lambda x: T.linalg.eig(x[:, :2]), "linalg.eigvals": lambda x: T.linalg.eigvals(x[:, :2]),
    "linalg.eigvalsh": lambda x: T.linalg.eigvalsh(x[:, :2]),
    "linalg.svd": lambda x: T.linalg.svd(x)[0],
    "linalg.svdvals": lambda x: T.linalg.svdvals(x),
    "linalg.inv": lambda x: T.linalg.inv(x[:, :2]),
    "linalg.pinv": lambda x: T.linalg.pinv(x),
    "linalg.lstsq": lambda a, b: T.linalg.lstsq(a, b)[0],
    "linalg.det": lambda x: T.linalg.det(x[:, :2]),
    "linalg.slogdet": lambda x: T.linalg.slogdet(x[:, :2])[1],
    "linalg.matrix_rank": lambda x: T.linalg.matrix_rank(x),
    "linalg.cond": lambda x: T.linalg.cond(x),
    "linalg.expm": lambda x: T.linalg.expm(x[:, :2]),
    "linalg.matrix_power": lambda x: T.linalg.matrix_power(x[:, :2], 2),
    "linalg.multi_dot": lambda x: T.linalg.multi_dot([x, x.T]),
    "linalg.norm": lambda x: T.linalg.norm(x),
    "linalg.vector_norm": lambda x: T.linalg.vector_norm(x),
    "linalg.matrix_norm": lambda x: T.linalg.matrix_norm(x),
    "where": lambda yes, no: T.where(T.constant(True), yes, no), "clip": lambda x: T.clip(x, 0, 1), "switch": lambda yes, no: T.switch(T.constant(True), yes, no),
    "cast": lambda x: T.cast(x, "float32"), "max_and_argmax": lambda x: T.max_and_argmax(x, 1),
    "dot": lambda a, b: T.dot(a, b.T), "matmul": lambda a, b: T.matmul(a, b.T), "tensordot": lambda a, b: T.tensordot(a, b, [[1], [1]]), "einsum": lambda operands: T.einsum("ij,kj->ik", operands, operands),
    "batched_dot": lambda a, b: T.batched_dot(a, b),
    "argmax": lambda x: T.argmax(x, 1), "argmin": lambda x: T.argmin(x, 1),
    "zeros": lambda x: T.zeros(3), "ones": lambda x: T.ones(3), "full": lambda fill_value: T.full((2,), fill_value[0, 0]),
    "full_like": lambda x: T.full_like(x, 1), "fill": lambda x, value: T.fill(x, value[0, 0]), "alloc": lambda value: T.alloc(value[0, 0], 4),
    "arange": lambda x: T.arange(3), "linspace": lambda start, stop: T.linspace(start[0, 0], stop[0, 1], 4), "eye": lambda x: T.eye(3),
    "tri": lambda x: T.tri(3), "constant": lambda x: T.constant(2.5), "reshape": lambda x: T.reshape(x, (3, 2)),
    "swapaxes": lambda x: T.swapaxes(x, 0, 1), "moveaxis": lambda x: T.moveaxis(x, 0, 1),
    "dimshuffle": lambda x: T.dimshuffle(x, 1, 0), "expand_dims": lambda x: T.expand_dims(x, 0),
    "squeeze": lambda x: T.squeeze(x[:1]), "shape_padaxis": lambda x: T.shape_padaxis(x, 0),
    "broadcast_to": lambda x: T.broadcast_to(x, (4, 2, 3)), "concatenate": lambda x: T.concatenate([x, x]),
    "join": lambda arrays: T.join(0, arrays, arrays), "stack": lambda x: T.stack([x, x]), "tile": lambda x: T.tile(x, 2),
    "repeat": lambda x: T.repeat(x, 2), "take": lambda x: T.take(x, _VECTOR),
    "logspace": lambda start, stop: T.logspace(start[0, 0], stop[0, 1], 4), "geomspace": lambda start, stop: T.geomspace(start[0, 0], stop[0, 1], 4),
    "identity": lambda x: T.identity(3), "vander": lambda x: T.vander(x[0]), "empty": lambda x: T.empty(3),
    "fromfunction": lambda x: T.fromfunction(T.add, (2, 3)), "concat": lambda x: T.concat([x, x]),
    "broadcast_shapes": lambda x: T.broadcast_shapes((2, 1), (1, 3)), "resize": lambda x: T.resize(x, (4, 4)),
    "trim_zeros": lambda x: T.trim_zeros(x[0]), "mask_indices": lambda x: T.mask_indices(3, T.triu),
    "piecewise": lambda x: T.piecewise(x, [T.neq(x, 0)], [lambda part: part]),
    "apply_along_axis": lambda arr: T.apply_along_axis(lambda row: row[::-1], 0, arr),
    "rollaxis": lambda x: T.rollaxis(x, 1), "broadcast_arrays": lambda x: T.broadcast_arrays(x, x)[0],
    "specify_shape": lambda x: T.specify_shape(x, (2, 3)), "addbroadcast": lambda x: T.addbroadcast(x[:1], 0),
    "unbroadcast": lambda x: T.unbroadcast(x, 0), "patternbroadcast": lambda x: T.patternbroadcast(x, (False, False)),
    "atleast_1d": lambda x: T.atleast_1d(x), "atleast_2d": lambda x: T.atleast_2d(x), "atleast_3d": lambda x: T.atleast_3d(x),
    "atleast_Nd": lambda x: T.atleast_Nd(x, n=3),
    "hstack": lambda x: T.hstack([x, x]), "vstack": lambda x: T.vstack([x, x]), "dstack": lambda x: T.dstack([x, x]),
    "column_stack": lambda x: T.column_stack([x, x]), "block": lambda x: T.block([[x, x]]),
    "stacklists": lambda x: T.stacklists([x, x]), "insert": lambda x, values: T.insert(x, 0, values[0], 0), "delete": lambda x: T.delete(x, 0, 0),
    "split": lambda x: T.split(x, 2)[0], "array_split": lambda x: T.array_split(x, 2)[0], "hsplit": lambda x: T.hsplit(x, 3)[0],
    "vsplit": lambda x: T.vsplit(x, 2)[0], "dsplit": lambda x: T.dsplit(x[:, :, None], 1)[0], "roll": lambda x: T.roll(x, 1),
    "pad": lambda x: T.pad(x, 1),
    "take_along_axis": lambda x: T.take_along_axis(x, [[0], [1]], 1), "put": lambda x, values: T.put(x, _VECTOR, values[0]),
    "put_along_axis": lambda x, values: T.put_along_axis(x, [[0], [1]], values[:, :1], 1), "putmask": lambda x, values: T.putmask(x, T.neq(x, 0), values),
    "place": lambda x, values: T.place(x, T.neq(x, 0), values), "compress": lambda x: T.compress([True, False], x, 0),
    "extract": lambda x: T.extract(T.neq(x, 0), x), "choose": lambda choices: T.choose(T.constant([0, 1, 0]), [choices, choices]),
    "select": lambda choicelist, default: T.select([T.constant(True)], [choicelist], default), "mul_subtensor": lambda part, value: T.mul_subtensor(part[0], value[1]),
    "min_subtensor": lambda part, value: T.min_subtensor(part[0], value[1]), "max_subtensor": lambda part, value: T.max_subtensor(part[0], value[1]),
    "permute_row_elements": lambda x: T.permute_row_elements(x, [2, 0, 1]), "fill_diagonal": lambda x, val: T.fill_diagonal(x, val[0, 0]),
    "fill_diagonal_offset": lambda x, val: T.fill_diagonal_offset(x, val[0, 0], 1), "nonzero": lambda x: T.nonzero(x),
    "unravel_index": lambda x: T.unravel_index(_VECTOR, (2, 3)), "inverse_permutation": lambda x: T.inverse_permutation(_VECTOR),
    "ravel_multi_index": lambda x: T.ravel_multi_index((_VECTOR, _VECTOR), (2, 3)), "tril_indices": lambda x: T.tril_indices(3),
    "triu_indices": lambda x: T.triu_indices(3), "diag_indices": lambda x: T.diag_indices(3), "diag_indices_from": lambda x: T.diag_indices_from(x[:, :2]), "ix_": lambda x: T.ix_(_VECTOR, _VECTOR),
    "indices": lambda x: T.indices((2, 3)), "meshgrid": lambda x: T.meshgrid(x[0], x[1])[0],
    "inner": lambda a, b: T.inner(a, b), "vdot": lambda a, b: T.vdot(a, b), "vecdot": lambda a, b: T.vecdot(a, b),
    "matvec": lambda a, v: T.matvec(a, v[0]), "vecmat": lambda v, a: T.vecmat(v[:, 0], a), "cross": lambda a, b: T.cross(a, b),
    "batched_tensordot": lambda x, y: T.batched_tensordot(x, y, 1), "join_dims": lambda x: T.join_dims(x), "split_dims": lambda x: T.split_dims(x, (2, 1)),
    "specify_broadcastable": lambda x: T.specify_broadcastable(x[:1], 0), "scalar_from_tensor": lambda x: T.scalar_from_tensor(x[0, 0]),
    "polyval": lambda p, x: T.polyval(p[0], x), "polyadd": lambda a1, a2: T.polyadd(a1[0], a2[0]), "polysub": lambda a1, a2: T.polysub(a1[0], a2[0]),
    "polymul": lambda a1, a2: T.polymul(a1[0], a2[0]), "polyder": lambda p: T.polyder(p[0]), "polyint": lambda p: T.polyint(p[0]),
    "polyfit": lambda x, y: T.polyfit(x[0], y[0], 1), "kaiser": lambda beta: T.kaiser(5, beta[0, 0]),
    "bartlett": lambda x: T.bartlett(5), "blackman": lambda x: T.blackman(5), "hamming": lambda x: T.hamming(5), "hanning": lambda x: T.hanning(5),
    "histogram2d": lambda x, y: T.histogram2d(x[0], y[0], bins=2), "histogramdd": lambda sample: T.histogramdd(sample, bins=2),
    "sparse.mul": lambda x, y: sparse.mul(sparse.csr_from_dense(x), y), "sparse.dot": lambda x, y: sparse.dot(sparse.csr_from_dense(x), y.T),
    "sparse.add": lambda x, y: sparse.add(sparse.csr_from_dense(x), y), "sparse.sub": lambda x, y: sparse.sub(sparse.csr_from_dense(x), y),
    "sparse.row_scale": lambda x, s: sparse.row_scale(sparse.csr_from_dense(x), s[:, 0]),
    "sparse.col_scale": lambda x, s: sparse.col_scale(sparse.csr_from_dense(x), s[0]),
    "sparse.usmm": lambda x, y, z: sparse.usmm(2.0, sparse.csr_from_dense(x), y.T, z[:, :2]),
    "sparse.sampled_dot": lambda x, y: sparse.sampled_dot(x, y.T, sparse.csr_from_dense(x[:, :2])),
    "sparse.sampling_dot": lambda x, y, p: sparse.sampling_dot(x, y, sparse.csr_from_dense(p[:, :2])),
    "sparse.diag": lambda x: sparse.diag(sparse.csr_from_dense(x[:, :2])), "sparse.square_diagonal": lambda x: sparse.square_diagonal(x[0]),
    "sparse.from_dense": lambda x: sparse.from_dense(x, sparse.csr_from_dense(T.ones((2, 3)))),
    "sparse.csr_from_dense": lambda x: sparse.csr_from_dense(x), "sparse.csc_from_dense": lambda x: sparse.csc_from_dense(x),
    "sparse.hstack": lambda x: sparse.hstack([sparse.csr_from_dense(x)] * 2), "sparse.vstack": lambda x: sparse.vstack([sparse.csr_from_dense(x)] * 2),
    "sparse.structured_add": lambda x, y: sparse.structured_add(sparse.csr_from_dense(x), y),
    "sparse.structured_pow": lambda x, y: sparse.structured_pow(sparse.csr_from_dense(x), y),
    "sparse.structured_maximum": lambda x, y: sparse.structured_maximum(sparse.csr_from_dense(x), y),
    "sparse.structured_minimum": lambda x, y: sparse.structured_minimum(sparse.csr_from_dense(x), y),
    "sparse.structured_add_s_v": lambda x, y: sparse.structured_add_s_v(sparse.csr_from_dense(x), y[0]),
    "fft.fftfreq": lambda d: T.fft.fftfreq(4, d[0, 0]), "fft.rfftfreq": lambda d: T.fft.rfftfreq(4, d[0, 0]),
    "cumulative_sum": lambda x: T.cumulative_sum(x, axis=1), "cumulative_prod": lambda x: T.cumulative_prod(x, axis=1),
    "apply_over_axes": lambda a: T.apply_over_axes(T.sum, a, [0]),
    "linalg.tensorsolve": lambda a, b: T.linalg.tensorsolve(a[:, :2], b[:, 0]), "linalg.tensorinv": lambda a: T.linalg.tensorinv(a[:, :2], ind=1),
    "set_subtensor": lambda part, value: T.set_subtensor(part[0], value[1]), "inc_subtensor": lambda part, value: T.inc_subtensor(part[0], value[1]),
    "nnet.categorical_crossentropy": lambda x: T.nnet.categorical_crossentropy(x, _VECTOR),
    "nnet.softmax_cross_entropy": lambda x: T.nnet.softmax_cross_entropy(x, _VECTOR),
    "nnet.crossentropy_softmax_1hot": lambda x: T.nnet.crossentropy_softmax_1hot(x, _VECTOR),
    "nnet.crossentropy_softmax_1hot_with_bias": lambda x, b: T.nnet.crossentropy_softmax_1hot_with_bias(x, b[0], _VECTOR),
    "nnet.crossentropy_softmax_max_and_argmax_1hot":
        lambda x: T.nnet.crossentropy_softmax_max_and_argmax_1hot(x, _VECTOR),
    "nnet.crossentropy_softmax_max_and_argmax_1hot_with_bias":
        lambda x, b: T.nnet.crossentropy_softmax_max_and_argmax_1hot_with_bias(x, b[0], _VECTOR),
    "nnet.crossentropy_categorical_1hot": lambda x: T.nnet.crossentropy_categorical_1hot(x, _VECTOR),
}

#: Dtypes that arguments other than x decide.
ASKED: dict[str, str] = {
    "sparse.cast": "as asked", "sparse.csr_matrix": "as asked", "sparse.csc_matrix": "as asked", "sparse.matrix": "as asked",
    "sparse.shared": "the value's", "sparse.SparseType": "as asked", "sparse.CSM": "that of `data`", "sparse.CSR": "that of `data`",
    "sparse.CSC": "that of `data`",
    "constant": "the value's", "cast": "as asked", "zeros": "as asked", "ones": "as asked", "eye": "as asked",
    "tri": "as asked", "arange": "int64 or float64", "set_subtensor": "that of `x`", "inc_subtensor": "that of `x`",
    "mul_subtensor": "that of `x`", "min_subtensor": "that of `x`", "max_subtensor": "that of `x`", "put": "that of `x`",
    "put_along_axis": "that of `x`", "putmask": "that of `x`", "place": "that of `x`", "fill_diagonal": "that of `x`",
    "fill_diagonal_offset": "that of `x`", "indices": "as asked", "identity": "as asked", "vander": "int64 or float64", "empty": "as asked", "fromfunction": "as asked", "insert": "that of `x`",
}


# What dtypes can become, in the order of DTYPES:
#   bool      int8    int16     int32     int64     uint8     uint16    uint32    uint64    float32   float64
RULES: dict[str, str] = {
    "that of the operands":
        "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64",
    "that of the operands, int8 for bool":
        "int8 int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64",
    "float32 of float32, bool and integers of up to 16 bits, else float64":
        "float32 float32 float32 float64 float64 float32 float32 float64 float64 float32 float64",
    "float32 of float32, else float64":
        "float64 float64 float64 float64 float64 float64 float64 float64 float64 float32 float64",
    "that of floats; int64 of bool and integers, uint64 of unsigned ones":
        "int64 int64 int64 int64 int64 uint64 uint64 uint64 uint64 float32 float64",
    "complex64 of float32, bool and integers of up to 16 bits, else complex128":
        "complex64 complex64 complex64 complex128 complex128 complex64 complex64 complex128 complex128 complex64 complex128",
    "complex64 of float32, else complex128":
        "complex128 complex128 complex128 complex128 complex128 complex128 complex128 complex128 complex128 complex64 complex128",
    "that of the operands, int64 for bool":
        "int64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64",
}
#: Rows that add up or multiply up many elements, and rows that round once.
SUMS = frozenset(["sum", "prod", "dot", "matmul", "cumsum", "cumprod", "convolve", "convolve_part",
    "csr_sum", "csr_tsum", "csr_dot", "csr_tdot", "csr_sampled"])
ROUNDED = frozenset(["add", "sub", "mul", "div", "sqrt", "ldexp", "floordiv", "mod", "fmod"])
# fmt: on

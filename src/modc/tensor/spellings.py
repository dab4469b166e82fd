"""Other names of parameters: those of NumPy, Theano and PyTensor where ours differ.

T.full(shape, fill_value=1), T.concatenate(tensor_list=[x, y]), T.eye(N=3), T.sum(input=x)

Input: the functions of the language by name. Output: the same ones, which also take the other names as keywords. Neighbours:
`modc.tensor` applies it last; `protocols` has the names of NumPy's own functions for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

#: The first operand is x here; elsewhere it is: name -> functions.
_OPERAND = {
    "a": "all amax amin any argmax argmin argpartition argsort argwhere around average choose clip compress copy count_nonzero cumprod cumsum "
         "diagonal diff expand_dims fill_diagonal fill_diagonal_offset flatnonzero full_like histogram histogram_bin_edges iround isfinite isinf isnan "
         "max max_and_argmax mean median min moveaxis nanargmax nanargmin nancumprod nancumsum nanmax nanmean nanmedian nanmin "
         "nanpercentile nanprod nanquantile nanstd nansum nanvar nonzero nonzero_values ones_like partition percentile permute_dims prod ptp put quantile ravel "
         "repeat resize reshape roll rollaxis round searchsorted sgn shape size sort squeeze std sum swapaxes take trace transpose "
         "tril_indices_from triu_indices_from var zeros_like",
    "arr": "append delete diag_indices_from extract flip insert place put_along_axis take_along_axis tril_indices_from triu_indices_from",
    "array": "broadcast_to pad",
    "ary": "array_split dsplit ediff1d hsplit split vsplit",
    "ar": "unique",
    "input": "mean prod std sum var",
    "m": "flip fliplr flipud rot90 tril triu",
    "v": "diag diagflat",
    "A": "tile",
    "t": "shape_padaxis shape_padleft shape_padright",
    "model": "ones_like zeros_like",
    "prototype": "empty_like",
    "val": "imag real",
    "y": "swapaxes",
}  # fmt: skip

#: Function -> its other names of other parameters. None: taken, and without a meaning here; *: our first one has no name.
_OTHERS: dict[str, dict[str, str | None]] = {
    "as_tensor": {"x": "value"}, "as_tensor_variable": {"x": "value"}, "column_stack": {"tup": "arrays"},
    "concatenate": {"tensor_list": "arrays"}, "constant": {"x": "value"}, "divmod": {"x": "a", "y": "b"}, "dot": {"l": "a", "r": "b"},
    "dstack": {"tup": "arrays"}, "einsum": {"optimize": None}, "eye": {"N": "n", "M": "m"}, "full": {"fill_value": "value"},
    "full_like": {"fill_value": "value"}, "grad": {"add_names": None}, "hstack": {"tup": "arrays"},
    "inc_subtensor": {"x": "part", "y": "value"}, "intersect1d": {"ar1": "a", "ar2": "b"}, "iv": {"v": "n"}, "ive": {"v": "n"},
    "jacobian": {"vectorize": None}, "jv": {"v": "n"}, "kv": {"v": "n"}, "kve": {"v": "n"},
    "matmul": {"x1": "a", "x2": "b"}, "matvec": {"x1": "a", "x2": "v"}, "vecdot": {"x1": "a", "x2": "b"}, "vecmat": {"x1": "v", "x2": "a"}, "median": {"overwrite_input": None}, "nan_to_num": {"copy": None}, "nanmedian": {"overwrite_input": None}, "nanpercentile": {"overwrite_input": None}, "nanquantile": {"overwrite_input": None},
    "ones_like": {"opt": None}, "outer": {"x": "a", "y": "b"}, "percentile": {"overwrite_input": None}, "permute_row_elements": {"y": "perm"},
    "place": {"vals": "values"}, "power": {"x": "a", "y": "b"}, "prod": {"no_zeros_in_input": None}, "put": {"ind": "indices", "v": "values"},
    "quantile": {"overwrite_input": None}, "reshape": {"newshape": "shape"}, "row_stack": {"tup": "arrays"},
    "set_subtensor": {"x": "part", "y": "value"}, "setdiff1d": {"ar1": "a", "ar2": "b"}, "setxor1d": {"ar1": "a", "ar2": "b"},
    "shape_padleft": {"n_ones": "count"}, "shape_padright": {"n_ones": "count"}, "split": {"splits_size": "sizes", "indices_or_sections": "sizes"},
    "stack": {"arrays": "*", "tensors": "*"}, "stacklists": {"arg": "arrays"}, "std": {"corrected": None}, "tri": {"N": "n", "M": "m"}, "union1d": {"ar1": "a", "ar2": "b"},
    "unravel_index": {"dims": "shape"}, "var": {"corrected": None}, "vstack": {"tup": "arrays"}, "where": {"cond": "condition", "ift": "yes", "iff": "no", "x": "yes", "y": "no"},
    "zeros_like": {"opt": None},
}  # fmt: skip

Spellings = Mapping[str, "str | None"]


def table(language: Mapping[str, Any]) -> dict[str, Spellings]:
    """Function -> other name of a parameter -> ours, for what the language has and does not call so itself."""
    found: dict[str, dict[str, str | None]] = {name: dict(also) for name, also in _OTHERS.items()}
    for other, names in _OPERAND.items():
        for name in names.split():
            if name in language and (parameters := _parameters(language[name])) and parameters[0] != other:
                found.setdefault(name, {})[other] = parameters[0]
    return {
        name: {other: ours for other, ours in also.items() if other not in _parameters(language[name])}
        for name, also in found.items() if name in language
    }  # fmt: skip


def _parameters(function: Any) -> tuple[str, ...]:
    """Names of the parameters that can be keywords."""
    while (inner := getattr(function, "__wrapped__", None)) is not None:
        function = inner
    code = getattr(function, "__code__", None)
    return () if code is None else code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def install(language: dict[str, Any]) -> None:
    """Make the functions of the language take the other names. Two names of one function stay so."""
    known = table(language)
    same: dict[int, Spellings] = {}
    for name, also in known.items():
        same[id(language[name])] = {**same.get(id(language[name]), {}), **also}
    made: dict[int, Any] = {}
    for name, function in list(language.items()):
        if name[:1] != "_" and id(function) in same:
            if id(function) not in made:
                own: str = getattr(function, "__name__", name)
                own = own if language.get(own) is function else name
                made[id(function)] = _spelled(own, function, same[id(function)])
            language[name] = made[id(function)]


def _spelled(name: str, function: Callable[..., Any], also: Spellings) -> Callable[..., Any]:
    """The function, with keywords of other names passed on under ours; `name` is where pickle finds it."""

    @wraps(function)
    def called(*args: Any, **options: Any) -> Any:
        for other in options.keys() & also.keys() if options else ():
            ours, value = also[other], options.pop(other)
            if ours in options:
                raise TypeError(f"{name}() got both {other!r} and {ours!r}, which are one argument")
            if ours == "*":
                args = (value, *args)
            elif ours is not None:
                options[ours] = value
        return function(*args, **options)

    called.__module__, called.__qualname__ = "modc.tensor", name
    return called

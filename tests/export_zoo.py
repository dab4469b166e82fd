"""Modules of every shape for the tests of exports: each row is (name, function that gives what to export, options)."""

from __future__ import annotations

import numpy as np

import modc.tensor as T
from modc import ComponentDict, ComponentList, In, Method, Module, grad, op, shared

DTYPES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64"]
ROWS = {}  # name -> function, options


def row(**options):
    """Register a function under its own name."""
    def keep(function):
        ROWS[function.__name__] = (function, options)
        return function
    return keep


def module(**parts):
    """A Module with these attributes."""
    made = Module()
    for name, part in parts.items():
        setattr(made, name, part)
    return made


@row()
def scalars():
    x, y = T.dscalar("x"), T.dscalar("y")
    total, gain = T.dscalar("total"), T.dscalar("gain")
    x.tag.unit, x.tag.doc = "m/s", "how fast; a */ comment that tries to end"
    m = module(total=total, gain=gain)
    m.add = Method([x, In(y, value=2.5)], [total + x * gain, T.exp(x) / y], {total: total + x * gain})
    m.roots = Method(x, [T.sqrt(abs(x)), x / 3.0, 1.0 / (x * x + 1.0), T.maximum(x, total)], {total: T.sqrt(total * total + x)})
    return m.make(total=1.0, gain=0.1)


@row()
def every_dtype():
    m = Module()
    outputs, inputs, updates, values = [], [], {}, {}
    for name in DTYPES:
        x, kept = T.tensor(name, (4,), "x_" + name), T.tensor(name, (4,), "kept_" + name)
        one = T.tensor(name, (), "one_" + name)
        setattr(m, "kept_" + name, kept)
        setattr(m, "one_" + name, one)
        inputs += [x]
        result = x ^ kept if name == "bool" else x + kept
        outputs += [result, x]
        updates[kept] = result
        updates[one] = x[1]
        values["kept_" + name] = np.array([1, 0, 1, 1], name)
        values["one_" + name] = np.array(1, name)
    m.step = Method(inputs, outputs, updates)
    return m.make(**values)


@row()
def integers():
    a, b = T.lvector("a", shape=(7,)), T.tensor("uint8", (7,), "b")
    m = module(count=T.lscalar("count"), small=T.tensor("uint8", (7,), "small"))
    m.mix = Method([a, b], [a // 3, a % 5, a * a - b.astype("int64"), b << 1, ~b, (a > 0) & (b > 2), abs(a)],
                   {m.count: m.count + a.sum(), m.small: m.small + b})
    return m.make(count=-(2**62), small=[250] * 7)


@row()
def no_axes_and_no_elements():
    x, z = T.tensor("float64", (0, 3), "x"), T.dscalar("z")
    m = module(empty=T.tensor("float64", (0,), "empty"), thin=T.tensor("float64", (2, 0, 3), "thin"))
    m.sums = Method([x, z], [x.sum(axis=0), x + z, m.empty, m.thin.sum()], {m.empty: m.empty * 2})
    return m.make(empty=[], thin=np.zeros((2, 0, 3)))


@row()
def four_axes():
    x = T.tensor("float64", (2, 3, 4, 5), "x")
    m = module(kernel=T.tensor("float64", (3, 4), "kernel"))
    m.f = Method(x, [x.sum(axis=(0, 2)), T.transpose(x, (3, 1, 0, 2)), (x * m.kernel.dimshuffle("x", 0, 1, "x")).mean(axis=3), x.max(), x.argmax(axis=1)])
    return m.make(kernel=np.arange(12.0).reshape(3, 4) / 7)


@row()
def nested():
    class Layer(Module):
        def __init__(self, n, m):
            super().__init__()
            self.w, self.b = T.dmatrix("w"), T.dvector("b")
            x = T.dvector("x")
            self.run = Method(x, T.tanh(T.dot(x, self.w) + self.b))
            self.sizes = n, m

    class Net(Module):
        def __init__(self):
            super().__init__()
            self.layers = ComponentList([Layer(3, 5), Layer(5, 2)])
            self.parts = ComponentDict(gain=T.dscalar(), offsets=[T.dscalar(), T.dvector()])
            x = T.dvector("x")
            y = x
            for layer in self.layers:
                y = T.tanh(T.dot(y, layer.w) + layer.b)
            self.run = Method(x, y * self.parts["gain"])
            cost = (y * y).sum()
            ws = [layer.w for layer in self.layers]
            self.learn = Method(x, cost, {w: w - 0.1 * g for w, g in zip(ws, grad(cost, ws), strict=True)})

    rng = np.random.default_rng(0)
    made = Net().make(parts={"gain": 2.0, "offsets": [1.0, [1.0, 2.0]]})
    for layer, sizes in zip(made.layers, [(3, 5), (5, 2)], strict=True):
        layer.w, layer.b = rng.normal(size=sizes), rng.normal(size=sizes[1])
    return made


@row()
def shared_and_private():
    count = shared(np.arange(3.0), "count")
    x, memory = T.dscalar("x"), T.dscalar("memory")
    m = Module()
    m.tick = Method(In(memory, value=0.5, update=memory * 0.9 + 1), [memory, count])
    m.bump = Method(x, count.sum(), {count: count + x})
    return m.make()


@row(freeze=("*",))
def constants():
    x = T.dvector("x", shape=(3,))
    m = module(w=T.dmatrix("w"), k=T.dscalar("k"), flag=T.tensor("bool", (), "flag"))
    table = T.constant(np.linspace(0, 1, 12).reshape(4, 3) ** 2)
    m.f = Method(x, [T.dot(m.w, x) + m.k, T.dot(table, x), T.where(m.flag, x, -x)])
    return m.make(w=np.eye(3) * 2.5, k=-0.0, flag=True)


@row()
def odd_values():
    m = module(v=T.dvector("v"), zero=T.dscalar("zero"), nan=T.dscalar("nan"), inf=T.dscalar("inf"), f=T.fvector("f"),
               least=T.lscalar("least"), most=T.tensor("uint64", (), "most"), raw=T.dmatrix("raw", shape=(2, 2)))
    x = T.dscalar("x")
    m.f1 = Method(x, [m.v * x, m.zero, m.nan + x, m.inf - x, m.f, m.raw, m.least, m.most], {m.raw: m.raw + x})
    return m.make(v=[-0.0, np.nan, np.inf, -np.inf, 5e-324], zero=-0.0, nan=np.nan, inf=-np.inf,
                  f=np.array([1e-45, -0.0, np.nan], "float32"), least=-(2**63), most=2**64 - 1)


@row(most={"buffer": 16, "x": 6})
def grows():
    x = T.dvector("x")
    m = module(buffer=T.dvector("buffer"))
    m.push = Method(x, m.buffer.sum(), {m.buffer: T.concatenate([m.buffer, x])})
    m.cut = Method([], m.buffer[:2], {m.buffer: m.buffer[:3]})
    m.look = Method([], [m.buffer * 2, m.buffer.shape[0]])
    return m.make(buffer=[1.0, 2.0])


@row(most={"n": 9, "k": 4, "rows": 5})
def open_sizes():
    x, y = T.tensor("float64", ("rows", "n"), "x"), T.tensor("float64", ("n", "k"), "y")
    w = T.tensor("float64", ("n",), "w")
    m = module(w=w, scale=T.dvector("scale"))
    m.product = Method([x, y], [T.dot(x, y), T.dot(x, w), x.sum(axis=0), T.softmax(x)], {w: w + x.mean(axis=0)})
    m.scaled = Method(x, x * m.scale[0])
    return m.make(w=np.arange(4.0), scale=[2.0, 3.0])


@row()
def index_checks():
    table, at = T.dmatrix("table"), T.lvector("at", shape=(3,))
    one, value = T.iscalar("one"), T.dvector("value", shape=(4,))
    m = module(table=table, filled=T.lscalar("filled"))
    m.take = Method([at, one], [table[at], table[one], table[one, 1]])
    m.put = Method([one, value], m.filled, {table: T.set_subtensor(table[one], value), m.filled: m.filled + 1})
    m.ring = Method(value, table[m.filled % 5], {m.filled: m.filled + 1, table: T.inc_subtensor(table[m.filled % 5], value)})
    return m.make(table=np.arange(20.0).reshape(5, 4), filled=0)


@row()
def gemm():
    x = T.dmatrix("x", shape=(40, 33))
    m = module(w=T.dmatrix("w"), c=T.dmatrix("c"), v=T.dvector("v"))
    m.f = Method(x, [T.dot(x, m.w), T.dot(x, m.v), T.dot(x.T, x)], {m.c: 0.5 * m.c - 0.25 * T.dot(x, m.w)})
    rng = np.random.default_rng(3)
    return m.make(w=rng.normal(size=(33, 20)), c=rng.normal(size=(40, 20)), v=rng.normal(size=33))


@row(most={"x": (48, 35), "y": (35, 24)})
def open_gemm():
    x, y = T.fmatrix("x"), T.fmatrix("y")
    i = T.imatrix("i", shape=(20, 20))
    m = module(last=T.fmatrix("last", shape=(20, 20)))
    m.f = Method([x, y], T.dot(x, y))
    m.g = Method(i, [T.dot(i, i)], {m.last: T.dot(m.last, m.last) * 0.125 + T.dot(i, i).astype("float32")})
    return m.make(last=np.eye(20, dtype="float32"))


@row()
def many_methods():
    class Scan(Module):
        def __init__(self):
            super().__init__()
            self.s = T.dvector("s")
            x = T.dvector("x", shape=(6,))
            for at in range(12):
                setattr(self, f"m{at}", Method(x, (self.s * (at + 1) + x).sum(), {self.s: self.s * 0.5 + T.roll(x, at) if hasattr(T, "roll") else self.s * 0.5 + x[::-1] * at}))
    return Scan().make(s=np.linspace(0, 1, 6))


@row()
def nothing_in_nothing_out():
    m = module(n=T.lscalar("n"))
    m.tick = Method([], None, {m.n: m.n + 1})
    m.nothing = Method([], None)
    m.one = Method([], T.constant(1.5))
    return m.make(n=0)


@row()
def no_members():
    x = T.dvector("x", shape=(5,))
    return module(f=Method(x, [x[::-1], T.cos(x), x.sum()])).make()


@row()
def bad_names():
    m = Module()
    names = ["int", "double", "restrict", "class", "sin", "memcpy", "state", "a" * 300, "größe", "x\n*/ #include <evil>", "uint8_t", "EOF", "near"]
    inputs = [T.dscalar(name) for name in names]
    for at, name in enumerate(["class", "int", "far", "template"]):
        setattr(m, name, T.dvector(name, shape=(2,)))
        setattr(m, name + "_", Method(inputs[at:], sum(inputs[at:], getattr(m, name).sum())))
    setattr(m, "b" * 300, T.dscalar("q"))
    m.s = T.dscalar("s")
    m.call, m.dim, m.fail = Method(inputs[:2], m.s * inputs[0] + inputs[1]), T.dscalar("dim"), T.dvector("fail")
    return m.make(s=2.0, dim=1.0, fail=[1.0], **{"b" * 300: 1.0, "class": [1, 2], "int": [1, 2], "far": [1, 2], "template": [1, 2]})


@row(blob=True)
def blob():
    x = T.dvector("x", shape=(10,))
    m = module(w=T.dmatrix("w"), n=T.lscalar("n"), g=T.fvector("g"))
    m.f = Method(x, T.dot(m.w, x), {m.n: m.n + 1})
    rng = np.random.default_rng(5)
    return m.make(w=rng.normal(size=(30, 10)), n=7, g=np.ones(3, "float32"))


@row(single=True, name="single_file")
def single():
    x = T.dvector("x", shape=(3,))
    m = module(w=T.dvector("w"))
    m.step = Method(x, T.exp(-m.w * x), {m.w: m.w + x})
    return m.make(w=[0.1, 0.2, 0.3])


@row()
def functions():
    x = T.dvector("x", shape=(8,))
    names = ["exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "sin", "cos", "tan", "arcsin", "arccos", "arctan",
             "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "erf", "erfc", "sigmoid", "softplus", "floor", "ceil", "trunc", "round", "sign"]
    return module(f=Method(x, [getattr(T, name)(x) for name in names]), g=Method(x, [x ** x, T.arctan2(x, x[::-1]), x % 0.75, x // 0.75, x ** 3])).make()


@row(real="float32")
def functions_in_float32():
    return functions()


@row(real="float32", most={"x": 100})
def statistics_in_float32():
    x = T.dvector("x")
    m = module(mean=T.dscalar("mean"), n=T.lscalar("n"))
    m.see = Method(x, [x.mean(), x.std(), T.logsumexp(x), T.softmax(x), x.argmax(), (x > 0).sum()],
                   {m.mean: m.mean + (x.mean() - m.mean) / (m.n + 1), m.n: m.n + 1})
    return m.make(mean=0.0, n=0)


@row(real="float32")
def regression_in_float32():
    x, y = T.dmatrix("x", shape=(20, 4)), T.dvector("y", shape=(20,))
    m = module(w=T.dvector("w"), b=T.dscalar("b"), rate=T.dscalar("rate"))
    z = T.dot(x, m.w) + m.b
    cost = (T.nnet.softplus(z) - y * z).mean()
    steps = grad(cost, [m.w, m.b])
    m.step = Method([x, y], cost, {m.w: m.w - m.rate * steps[0], m.b: m.b - m.rate * steps[1]})
    return m.make(w=np.zeros(4), b=0.0, rate=0.1)


@row()
def large_constants():
    x = T.dvector("x", shape=(64,))
    m = module(w=T.dmatrix("w"))
    m.f = Method(x, T.dot(m.w, x))
    return m.make(w=np.random.default_rng(8).normal(size=(50, 64)))


@row(only=("f",), rename={"w": "weights", "f": "run", "f.x": "image"})
def renamed():
    x = T.dvector("x", shape=(3,))
    m = module(w=T.dvector("w"), other=T.dscalar("other"))
    m.f, m.g = Method(x, x * m.w), Method([], m.other)
    return m.make(w=[1, 2, 3], other=4)


@row()
def same_macros():
    m = module(step_x=T.dvector("step_x"), A=T.dvector("A"), a=T.dvector("a"))
    x = T.dvector("x", shape=(2,))
    m.step = Method(x, x + m.step_x + m.A + m.a)
    return m.make(step_x=[1, 2], A=[1, 2], a=[1, 2])


@row(most={"n": 12})
def sizes_from_numbers():
    n, x = T.lscalar("n"), T.dvector("x", shape=(12,))
    return module(f=Method([n, x], [T.arange(n), x[:n] * 2])).make()


@row()
def windows():
    x = T.dscalar("x")
    m = module(line=T.dvector("line"), taps=T.dvector("taps"))
    line = T.concatenate([x.dimshuffle("x"), m.line[:-1]])
    m.filter = Method(x, T.dot(line, m.taps), {m.line: line})
    m.smooth = Method([], m.line[:-2] + m.line[1:-1] + m.line[2:], {m.line: T.inc_subtensor(m.line[1:-1], m.line[2:] * 0.5)})
    return m.make(line=np.zeros(40), taps=np.hanning(40))


@row()
def running():
    x = T.dmatrix("x", shape=(5, 6))
    m = module(t=T.dvector("t"))
    m.f = Method(x, [T.cumsum(x, axis=0), T.cumprod(x, axis=1), T.cummax(x, axis=0)], {m.t: T.cumsum(m.t + x[0])})
    return m.make(t=np.ones(6))


@row()
def sorting():
    x, i = T.dmatrix("x", shape=(4, 40)), T.tensor("int16", (300,), "i")
    values, places = T.topk_and_argtopk(x, 3)
    m = module(kept=T.dvector("kept"))
    m.f = Method(
        [x, i],
        [T.sort(x, 0), T.argsort(x), values, places, T.median(x, 1), T.quantile(x, [0.1, 0.6]), T.sort(i), T.argsort(i),
         T.searchsorted(T.sort(i), i[:5]), T.convolve(x[0], m.kept, "same"), T.interp(x[1], [-1.0, 0.0, 1.0], m.kept[:3])],
        {m.kept: T.sort(m.kept + x[0])},
    )
    m.g = Method(x, [T.logcumsumexp(x, 1), T.histogram(x, [-1.0, 0.0, 1.0])[0], T.corrcoef(x)[0], T.nanmedian(x, 0)])
    return m.make(kept=np.linspace(-1, 1, 40))


@row(most={"n": 300})
def sorting_of_any_length():
    x = T.tensor("float32", ("n",), "x")
    return module(f=Method(x, [T.sort(x), T.argsort(x), T.median(x), T.nanquantile(x, 0.3), T.diff(x)])).make()


@row(most={"x": 5})
def reductions_of_what_may_be_nothing():
    x = T.dvector("x")
    return module(f=Method(x, [x.max(), x.sum()])).make()


@row(most={"k": 40})
def thin_products():
    x, y = T.tensor("float64", (1, "k"), "x"), T.tensor("float64", ("k", 1), "y")
    w = T.tensor("float64", (40, "k"), "w")
    m = module(c=T.dmatrix("c"))
    m.f = Method([x, y, w], [T.dot(w, y), T.dot(x, w.T), T.dot(w, w.T), T.dot(y, x)], {m.c: T.dot(w, w.T) * 0.5 + m.c * 0.25})
    return m.make(c=np.zeros((40, 40)))


def spd(size, batch=()):
    """A symmetric positive definite matrix (or a stack)."""
    a = np.random.default_rng(4).normal(size=(*batch, size, size))
    return a @ np.swapaxes(a, -1, -2) + size * np.eye(size)


@row()
def linear_algebra():
    a, x = T.dmatrix("a", shape=(6, 6)), T.dvector("x", shape=(6,))
    m = module(p=T.dmatrix("p"))
    m.f = Method([a, x], [T.linalg.cholesky(m.p), T.linalg.solve(m.p + 0.01 * a, x), T.linalg.inv(m.p), T.linalg.det(m.p)],
                 {m.p: m.p * 0.5 + T.dot(a, a.T)})
    m.g = Method([], [T.linalg.slogdet(m.p)[1], T.matmul(m.p, m.p), T.linalg.expm(m.p * 0.01), T.linalg.eigvalsh(m.p), T.linalg.svdvals(m.p)])
    return m.make(p=spd(6))


@row(real="float32")
def linear_algebra_in_float32():
    return linear_algebra()


@row()
def special_functions():
    x = T.dvector("x", shape=(10,))
    names = [name for name in ("gammaln", "digamma", "gamma", "erfcx", "erfinv", "j0", "j1", "i0", "i1") if hasattr(T, name)]
    return module(f=Method(x, [getattr(T, name)(abs(x) * 0.4 + 0.1) for name in names])).make()


@row()
def conditions():
    x, y = T.dvector("x", shape=(4,)), T.dscalar("y")
    m = module(n=T.lscalar("n"))
    m.f = Method([x, y], T.Assert("y must not be negative")(x, y >= 0) * 2, {m.n: m.n + 1})
    return m.make(n=0)


@row()
def long_names_of_methods():
    x, at = T.dvector("x", shape=(3,)), T.lscalar("at")
    table = T.constant([1.0, 2.0, 3.0])
    m = Module()
    for name in ("modc_ok", "a_rather_long_name_for_a_method_in_here", "a_rather_long_name_for_a_method_in_there", "f", "F"):
        setattr(m, name, Method([x, at], [x * table[at], T.exp(x)]))
    return m.make()


@row(most={"n": 30})
def sorted_and_searched():
    x, i = T.tensor("float64", ("n",), "x"), T.tensor("int16", ("n",), "i")
    m = module(edges=T.dvector("edges"))
    m.f = Method([x, i], [T.sort(x), T.argsort(x), T.sort(i), T.searchsorted(m.edges, x), T.convolve(x, m.edges)],
                 {m.edges: T.sort(m.edges * 0.5)})
    return m.make(edges=np.linspace(-3, 3, 9))


@row(real="float32")
def signals_in_float32():
    x = T.dvector("x", shape=(40,))
    m = module(taps=T.dvector("taps"), at=T.lscalar("at"))
    m.f = Method(x, [T.convolve(x, m.taps), T.sort(x)[::-1], T.diff(x), T.cumprod(1 + 0.1 * x)], {m.at: (m.at + 1) % 40})
    return m.make(taps=np.hanning(9), at=0)


@row(most={"n": 50})
def spectra():
    """A known length, a large prime among them, and a bounded one."""
    x, y, z = T.dvector("x", shape=(60,)), T.dmatrix("y", shape=(3, 37)), T.tensor("float64", ("n",), "z")
    m = module(window=T.dvector("window"))
    found = T.fft.rfft(x * m.window)
    m.f = Method([x, y], [abs(found), T.fft.irfft(found * 0.5, 60), T.fft.fft(y).imag, T.fft.ifft2(y).real])
    m.g = Method(z, [abs(T.fft.rfft(z)), T.fft.irfft(T.fft.rfft(z), z.shape[0])])
    return m.make(window=np.hanning(60))


@row(real="float32")
def spectra_in_float32():
    x = T.dvector("x", shape=(48,))
    return module(f=Method(x, [abs(T.fft.rfft(x)), T.fft.irfft(T.fft.rfft(x) * 2, 48), T.fft.fft(x, 37).real])).make()


@row()
def ops_of_the_user():
    text = "\n".join(
        f"static const {c} zoo_weights_{t}[2] = {{1, 2}};\n"
        f"static inline {c} zoo_norm_{t}({c} a, {c} b) {{ return sqrt{f}(zoo_weights_{t}[0] * a * a + zoo_weights_{t}[1] * b * b); }}"
        for t, c, f in (("f64", "double", ""), ("f32", "float", "f"))
    )
    norm = op("zoo_norm", numpy=lambda a, b: np.sqrt(a * a + 2 * b * b), c="zoo_norm_{t}({0}, {1})", c_code=text, dtypes="float", ulp=2)
    x, y = T.dvector("x", shape=(5,)), T.fvector("y", shape=(5,))
    m = module(w=T.dvector("w"))
    m.f = Method([x, y], [norm(x, m.w), norm(y, y), x + 1], {m.w: norm(m.w, x)})
    return m.make(w=[1, 2, 3, 4, 5])

"""Programs as people wrote them with Modules: templates, minimisers, shared layers, pickled networks."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import modc.tensor as T
from modc import Member, Method, Module, ModuleInstance, grad

RNG = np.random.default_rng(0)


# A pair of counters, a pair of pairs, and Methods that others extend


class Pair(Module):
    """Moves an amount from one member to the other."""

    class InstanceType(ModuleInstance):
        def __eq__(self, other):
            return all(np.array_equal(self[key], other[key]) for key in ("c", "d"))

        __hash__ = None

    def __init__(self):
        super().__init__()
        self.c, self.d = T.dscalar(), T.dscalar()
        n = T.dscalar("n")
        self.up = Method(n, None, {self.c: self.c + n, self.d: self.d - n})

    def _instance_initialize(self, obj, values=None, **init):
        self.default_initialize(obj, c=0, d=0)
        self.default_initialize(obj, values, **init)


class Pairs(Module):
    def __init__(self):
        super().__init__()
        self.left, self.right = Pair(), Pair()
        self.sum = Method([], self.left.c + self.right.c)

    def _instance_initialize(self, obj, **init):
        obj.left.initialize()
        obj.right.initialize()
        self.default_initialize(obj, **init)


def test_two_pairs_and_their_sum(mode):
    obj = Pairs().make(left={"c": 5}, mode=mode)
    obj.right.up(2)
    assert float(obj.sum()) == 7.0
    assert not obj.left == obj.right  # noqa: SIM201
    obj.left, obj.right = {"c": 1, "d": 1}, {"c": 1, "d": 1}
    assert obj.left == obj.right


def test_somebody_elses_method_is_extended_before_make(mode):
    m = Pair()
    m.calls = T.lscalar(init=0)
    m.up.updates.update({m.calls: m.calls + 1})
    obj = m.make(mode=mode)
    obj.up(1)
    obj.up(1)
    assert (int(obj.calls), float(obj.c), float(obj.d)) == (2, 2.0, -2.0)


# The regression template


class Regression(Module):
    """Subclasses say how to predict, what it costs, and how to regularise."""

    def __init__(self, input=None, target=None, regularize=True):
        super().__init__()
        self.input = T.dmatrix("input") if input is None else input
        self.target = T.dmatrix("target") if target is None else target
        self.w, self.b = T.dmatrix(), T.dvector()
        self.params = [self.w, self.b]
        self.stepsize = T.dscalar()
        if regularize:
            self.l2 = T.dscalar()
        self.build()

    def build(self):
        raise NotImplementedError

    def finish(self):
        activation = T.dot(self.input, self.w) + self.b
        self.prediction = self.build_prediction(activation)
        self.cost = self.build_cost(self.prediction, self.target)
        self.cost_and_penalty = self.cost + self.build_regularization()
        self.error_on_activation = grad(self.cost, activation)
        gradients = [grad(self.cost_and_penalty, p) for p in self.params]
        self.update = Method(
            [self.input, self.target],
            [self.cost, self.error_on_activation],
            {p: p - self.stepsize * g for p, g in zip(self.params, gradients, strict=True)},
        )
        self.apply = Method(self.input, self.prediction)
        self.validate = Method([self.input, self.target], [self.cost, self.prediction])

    def _instance_initialize(self, obj, n_in, n_out, **init):
        obj.w, obj.b = np.zeros((n_in, n_out)), np.zeros(n_out)
        self.default_initialize(obj, **init)


class Logistic(Regression):
    build = Module.build

    def __init__(self, *args, **kwargs):
        Module.__init__(self)
        self.input, self.target = T.dmatrix("input"), T.dmatrix("target")
        self.w, self.b, self.stepsize, self.l2 = T.dmatrix(), T.dvector(), T.dscalar(), T.dscalar()
        self.params = [self.w, self.b]
        self.finish()

    def build_prediction(self, activation):
        return T.nnet.sigmoid(activation)

    def build_cost(self, prediction, target):
        return -(target * T.log(prediction) + (1 - target) * T.log(1 - prediction)).sum(axis=1).mean()

    def build_regularization(self):
        return self.l2 * (self.w * self.w).sum()


def test_a_regression_template_learns(mode):
    model = Logistic().make(3, 1, stepsize=0.5, l2=0.0, mode=mode)
    data = RNG.normal(size=(40, 3))
    targets = (data @ [[1.0], [-2.0], [0.5]] > 0).astype(float)
    costs = [float(model.update(data.tolist(), targets)[0]) for _ in range(60)]
    assert costs[-1] < 0.4 * costs[0]
    cost, error = model.update(data, targets)
    assert np.allclose(error, (model.apply(data) - targets) / 40, atol=0.2)
    model.stepsize = 0
    before = model.params[0].copy()
    model.update(data, targets)
    assert (before == model.w).all()
    assert float(model.validate(data, targets)[0]) == pytest.approx(float(cost), rel=0.2)


class Classifier(Module):
    """Softmax regression whose instance type initialises and compares."""

    class InstanceType(ModuleInstance):
        def initialize(self, n_in, n_out, lr=0.1, seed=None):
            rng = np.random.default_rng(seed)
            self.w, self.b = rng.normal(size=(n_in, n_out)) * 0.01, np.zeros(n_out)
            self.lr = lr
            self.__hide__ = ["params"]

        def __eq__(self, other):
            return bool((self.w == other.w).all() and (self.b == other.b).all())

        __hash__ = None

    def __init__(self, x=None, y=None):
        super().__init__()
        self.x = T.dmatrix("x") if x is None else x
        self.y = T.lvector("y") if y is None else y
        self.w, self.b, self.lr = T.dmatrix(), T.dvector(), T.dscalar()
        self.params = [self.w, self.b]
        p = T.nnet.softmax(T.dot(self.x, self.w) + self.b)
        self.cost = T.nnet.categorical_crossentropy(p, self.y).mean()
        gw, gb = grad(self.cost, self.params)
        self.update = Method(
            [self.x, self.y], self.cost, updates={self.w: self.w - self.lr * gw, self.b: self.b - self.lr * gb}
        )
        self.classify = Method(self.x, T.argmax(p, axis=1))


def test_a_classifier_with_an_instance_type(mode):
    one, two = (Classifier().make(2, 3, seed=1, mode=mode) for _ in range(2))
    assert one == two
    x = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]] * 5)
    y = [0, 1, 2] * 5
    for step in range(80):
        one.lr = 1.0 / (1 + step / 40)
        one.update(x, y)
    assert one.classify(x).tolist() == y
    assert not one == two  # noqa: SIM201
    assert "lr: " in str(one)
    assert "params" not in str(one)
    assert pickle.loads(pickle.dumps(one)) == one


# A tied autoencoder, and a minimiser that is a Module of its own


class Sgd(Module):
    """Steps along gradients of members that belong to somebody else."""

    def __init__(self, args, cost, params, stepsize=None, extra=()):
        super().__init__()
        self.stepsize = T.dscalar() if stepsize is None else stepsize
        gradients = grad(cost, list(params))
        self._updates = {p: p - self.stepsize * g for p, g in zip(params, gradients, strict=True)}
        self._updates.update(extra)
        self.step = Method(args, [], self._updates)
        self.step_cost = Method(args, cost, self._updates)

    def _instance_initialize(self, obj, stepsize=None):
        if stepsize is not None:
            obj.stepsize = stepsize


class Autoencoder(Module):
    def __init__(self, minimizer):
        super().__init__()
        x = T.dmatrix("x")
        self.w, self.b, self.c = T.dmatrix(), T.dvector(), T.dvector()
        hidden = T.tanh(T.dot(x, self.w) + self.b)
        output = T.dot(hidden, self.w.T) + self.c
        self.cost = ((output - x) ** 2).sum(axis=1).mean() * 0.5
        self.minimizer = minimizer([x], self.cost, [self.w, self.b, self.c])
        self.encode = Method(x, hidden)

    def _instance_initialize(self, obj, n_in, n_hidden, **options):
        obj.w = np.random.default_rng(3).normal(size=(n_in, n_hidden)) * 0.3
        obj.b, obj.c = np.zeros(n_hidden), np.zeros(n_in)
        obj.minimizer.initialize(**options)


@pytest.mark.parametrize(("stepsize", "options"), [(None, {"stepsize": 0.1}), (0.1, {}), (T.constant(0.1), {})])
def test_a_minimiser_is_a_submodule_that_updates_its_parent(stepsize, options, mode):
    model = Autoencoder(lambda *a: Sgd(*a, stepsize=stepsize)).make(4, 3, **options, mode=mode)
    data = np.random.default_rng(4).normal(size=(20, 4))
    first = float(model.minimizer.step_cost(data))
    for _ in range(150):
        assert model.minimizer.step(data) == []
    assert float(model.minimizer.step_cost(data)) < 0.6 * first
    if stepsize is not None:
        with pytest.raises(TypeError, match="readonly"):
            model.minimizer.stepsize = 0.5


# Auto-encoders over a window of words, sharing weights, below a softmax layer


class QuadraticUnit(Module):
    """One input of the window; weights come from outside."""

    def __init__(self, x, w1, b1, qfilters):
        super().__init__()
        self.x = x
        self.w1, self.b1, self.qfilters = w1, b1, qfilters
        quadratic = sum([T.dot(x, q) ** 2 for q in qfilters], T.dot(x, w1) * 0)
        self.hidden = T.tanh(T.dot(x, w1) + b1 + T.sqrt(quadratic + 1.0))
        self.reconstruction_cost = ((T.dot(self.hidden, w1.T) - x) ** 2).mean()


class Windowed(Module):
    def __init__(self, window=3, n_quadratic=2):
        super().__init__()
        self.inputs = [T.dmatrix() for _ in range(window)]
        self.w1, self.b1 = T.dmatrix(), T.dvector()
        self.qfilters = [Member(T.dmatrix(f"q{i}")) for i in range(n_quadratic)]
        self.units = []
        for x in self.inputs:
            self.units.append(QuadraticUnit(x, self.w1, self.b1, self.qfilters))
        self.wo, self.bo, self.lr = T.dmatrix(), T.dvector(), T.dscalar()
        self.targ = T.lvector()
        hidden = T.concatenate([unit.hidden for unit in self.units], axis=1)
        self.output = T.nnet.softmax(T.dot(hidden, self.wo) + self.bo)
        self.supervised = T.nnet.categorical_crossentropy(self.output, self.targ).mean()
        self.unsupervised = sum(unit.reconstruction_cost for unit in self.units)
        local = [self.w1, self.b1, *self.qfilters]
        self.pretrain = Method(self.inputs, self.unsupervised, self.steps(self.unsupervised, local))
        every = [*local, self.wo, self.bo]
        self.finetune = Method([*self.inputs, self.targ], self.supervised, self.steps(self.supervised, every))
        self.predict = Method(self.inputs, T.argmax(self.output, axis=1))

    def steps(self, cost, params):
        return {p: p - self.lr * g for p, g in zip(params, grad(cost, params), strict=True)}

    def _instance_initialize(self, obj, n_in=3, n_hidden=4, n_out=2, lr=0.1, seed=0):
        rng = np.random.default_rng(seed)
        obj.lr = lr
        obj.w1, obj.b1 = rng.normal(size=(n_in, n_hidden)) * 0.3, np.zeros(n_hidden)
        obj.qfilters = [rng.normal(size=(n_in, n_hidden)) * 0.1 for _ in obj.qfilters]
        obj.wo = rng.normal(size=(n_hidden * len(obj.units), n_out)) * 0.1
        obj.bo = np.zeros(n_out)
        obj.input_size = n_in


def test_a_window_of_autoencoders_that_share_weights(mode):
    model = Windowed().make(mode=mode)
    rng = np.random.default_rng(1)
    xs = [rng.normal(size=(30, 3)) for _ in range(3)]
    y = (sum(xs)[:, 0] > 0).astype("int64")
    first = float(model.pretrain(*xs))
    for _ in range(40):
        last = float(model.pretrain(*xs))
    assert last < first
    assert all(unit.w1 is model.w1 for unit in model.units)
    for _ in range(150):
        model.finetune(*xs, y)
    assert np.mean(model.predict(*xs) == y) > 0.9
    assert (model.input_size, len(model.qfilters), model.component.inputs[1].name) == (3, 2, "inputs.1")
    twin = copy.deepcopy(model)
    model.finetune(*xs, y)
    twin.finetune(*xs, y)
    assert (twin.units[2].w1 == model.w1).all()
    assert twin.units[2].w1 is twin.w1


# A Module that somebody else's class keeps


class SimpleNet:
    """Two layers in a Module, wrapped; written in float32 and float64."""

    def __init__(self, kind, n_in, n_hidden, n_out):
        rng = np.random.default_rng(5)
        m = Module()
        sx, sy, m.W1, m.W2 = getattr(T, kind + "matrices")("x", "y", "W1", "W2")
        m.b1, m.b2 = getattr(T, kind + "vectors")("b1", "b2")
        out = T.tanh(T.dot(T.tanh(T.dot(sx, m.W1) + m.b1), m.W2) + m.b2)
        cost = ((out - sy) ** 2).sum()
        m.eval, m.cost = Method(sx, out), Method([sx, sy], cost)
        m.grads = Method([sx, sy], grad(cost, [m.W1, m.b1, m.W2, m.b2]))
        dtype = m.W1.dtype
        self._m = m.make(
            W1=rng.uniform(-1, 1, (n_in, n_hidden)).astype(dtype), b1=np.zeros(n_hidden, dtype),
            W2=rng.uniform(-1, 1, (n_hidden, n_out)).astype(dtype), b2=np.zeros(n_out, dtype),
        )  # fmt: skip

    def train(self, x, y, alpha):
        g1, h1, g2, h2 = self._m.grads(x, y)
        self._m.W1 += -alpha * g1
        self._m.b1 += -alpha * h1
        self._m.W2 += -alpha * g2
        self._m.b2 += -alpha * h2
        return self._m.cost(x, y)


@pytest.mark.parametrize("kind", ["f", "d"])
def test_a_wrapped_network_trains_by_hand_and_is_pickled_in_a_larger_object(kind, default_mode, tmp_path):
    net = SimpleNet(kind, 2, 8, 1)
    dtype = net._m.W1.dtype
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype)
    y = np.array([[-0.8], [0.8], [0.8], [-0.8]], dtype)
    alpha = dtype.type(0.05)
    costs = [float(net.train(x, y, alpha)) for _ in range(400)]
    assert costs[-1] < 0.1 * costs[0]
    with open(tmp_path / "net.pkl", "wb") as file:
        pickle.dump({"epoch": 3, "net": net}, file)
        pickle.dump("more", file)
    with open(tmp_path / "net.pkl", "rb") as file:
        loaded = pickle.load(file)["net"]
    assert (loaded._m.eval(x) == net._m.eval(x)).all()


def test_gradients_agree_with_perturbed_members(default_mode):
    net = SimpleNet("d", 2, 3, 1)
    x, y = RNG.normal(size=(5, 2)), RNG.normal(size=(5, 1))
    exact = net._m.grads(x, y)[0]
    estimate = np.zeros_like(exact)
    for place in np.ndindex(*exact.shape):
        w = net._m.W1
        old = w[place]
        w[place] = old + 1e-6
        above = float(net._m.cost(x, y))
        w[place] = old - 1e-6
        estimate[place] = (above - float(net._m.cost(x, y))) / 2e-6
        w[place] = old
    assert np.allclose(exact, estimate, atol=1e-6)


def test_a_module_of_expressions_gets_methods_from_outside(mode):
    m = Module()
    m.signal = T.dvector()
    m.power = m.signal**2
    m.mean, m.variance = m.power.mean(), m.power.var()
    m.statistics = Method(m.signal, [m.mean, m.variance])
    m.loudness = Method(m.signal, T.log10(m.mean) * 10)
    x = RNG.normal(size=50)
    mean, variance = m.make(mode=mode).statistics(x)
    assert np.allclose([mean, variance], [np.mean(x**2), np.var(x**2)])
    assert np.allclose(m.make(mode=mode).loudness(x), 10 * np.log10(np.mean(x**2)))

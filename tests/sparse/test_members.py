from __future__ import annotations

import copy
import inspect
import pickle
import threading

import numpy as np
import pytest
import scipy.sparse as sp

import modc
import modc.tensor as T
from modc import In, Method, Module, Out, function, grad, sparse

MODES = ["c", "numpy", "check"]


def matrix(rows=4, columns=6, seed=0, format="csr"):
    rng = np.random.default_rng(seed)
    dense = rng.normal(size=(rows, columns)) * (rng.random((rows, columns)) < 0.5)
    return sp.coo_array(dense).asformat(format)


class Linear(Module):
    """A sparse layer that learns."""

    def __init__(self, format="csr", **options):
        super().__init__()
        self.W = sparse.matrix(format, **options)
        x, y = T.dvector("x"), T.dvector("y")
        cost = ((self.W @ x - y) ** 2).sum()
        self.cost = Method([x, y], cost)
        self.step = Method([x, y], cost, {self.W: self.W - 0.01 * grad(cost, self.W)})
        self.double = Method([], self.W * 2)
        self.predict = Method(x, self.W @ x)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("format", ["csr", "csc"])
def test_a_member_learns_and_keeps_its_structure(format, mode):
    start = matrix(format=format)
    net = Linear(format).make(W=start, mode=mode)
    x, y = np.arange(6.0), np.ones(4)
    expected = start.copy()
    for _ in range(3):
        residual = expected @ x - y
        slope = np.outer(2 * residual, x)
        cost = net.step(x, y)
        np.testing.assert_allclose(cost, residual @ residual)
        expected = (expected.toarray() - 0.01 * slope) * (start.toarray() != 0)
        np.testing.assert_allclose(net.W.toarray(), expected)
        expected = sp.csr_array(expected)
    assert net.W.format == format
    assert isinstance(net.W, sp.sparray)
    np.testing.assert_array_equal(net.W.indices, start.indices)
    np.testing.assert_allclose(net.double().toarray(), 2 * net.W.toarray())


def test_the_value_of_a_member_is_live_and_its_structure_is_read_only():
    net = Linear().make(W=matrix())
    seen = net.W
    net.step(np.ones(6), np.ones(4))
    np.testing.assert_array_equal(seen.toarray(), net.W.toarray())
    seen.data[:] = 0
    assert not net.predict(np.ones(6)).any()
    with pytest.raises(ValueError, match="read-only"):
        seen.indices[0] = 100
    with pytest.raises(ValueError, match="read-only"):
        seen.indptr[0] = 100


def test_assignment_takes_every_sparse_format_and_copies():
    given = matrix()
    net = Linear().make(W=given)
    given.data[:] = 0
    assert net.W.toarray().any()
    for format in ("csr", "csc", "coo", "lil", "dok", "dia", "bsr"):
        net.W = matrix(seed=3).asformat(format)
        np.testing.assert_array_equal(net.W.toarray(), matrix(seed=3).toarray())
    net.W = sp.csr_matrix(matrix(3, 9))
    assert net.W.shape == (3, 9)
    assert net.predict(np.ones(9)).shape == (3,)
    net["W"] = matrix(seed=5)
    np.testing.assert_array_equal(net["W"].toarray(), matrix(seed=5).toarray())
    net.W = net.W
    np.testing.assert_array_equal(net.W.toarray(), matrix(seed=5).toarray())
    net.W = None
    assert net.W is None
    with pytest.raises(ValueError, match="None"):
        net.predict(np.ones(6))


def broken(fault):
    bad = matrix()
    if fault == "index":
        bad.indices[0] = 77
    elif fault == "falling":
        bad.indptr[1] = 99
    else:
        bad.data = bad.data[:-1]
    return bad


@pytest.mark.parametrize("fault", ["index", "falling", "values"])
def test_bad_matrices_leave_the_member_as_it_was(fault):
    net = Linear().make(W=matrix())
    before = net.W.toarray()
    with pytest.raises(ValueError, match=r"member 'W'.*(indices|indptr|values)"):
        net.W = broken(fault)
    with pytest.raises(ValueError, match=r"member 'W'|same size"):
        Linear().make(W=broken(fault))
    np.testing.assert_array_equal(net.W.toarray(), before)


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_a_call_that_fails_changes_nothing(mode):
    class Filter(Module):
        def __init__(self):
            super().__init__()
            A, x = sparse.csr_matrix("A"), T.dvector("x")
            self.y, self.z, self.n, self.S = T.dvector(), T.dvector(), T.lscalar(), sparse.csr_matrix()
            y = A @ x
            slope = grad((y**2).sum(), A)
            self.go = Method([A, x], y.sum(), {self.y: y, self.z: A.T @ y + self.z, self.n: self.n + 1, self.S: slope})
            self.only = Method([A, x], None, {self.y: A @ x})

    inst = Filter().make(y=np.zeros(4), z=np.zeros(6), n=0, S=matrix(), mode=mode)
    inst.go(matrix(), np.ones(6))
    inst.only(matrix(), np.ones(6))
    before = inst.state_dict()
    for fault in ("index", "falling"):
        for method in (inst.go, inst.only):
            with pytest.raises(ValueError, match="no sparse matrix"):
                method(broken(fault), np.arange(6.0))
        for key, value in inst.state_dict().items():
            np.testing.assert_array_equal(value, before[key])


def test_dense_values_and_other_shapes_are_refused():
    net = Linear(shape=(4, 6)).make(W=matrix())
    with pytest.raises(TypeError, match=r"member 'W' expects a float64 csr matrix of shape \(4, 6\), got array.*\n.*scipy.sparse.csr_array"):
        net.W = np.ones((4, 6))
    with pytest.raises(modc.ShapeError, match="axis 1 must have size 6"):
        net.W = matrix(4, 5)
    with pytest.raises(TypeError, match="complex128"):
        net.W = matrix().astype(complex)
    f, X = sparse.csr_matrix("f", dtype="float32"), T.fvector("x")
    run = function([f, X], f @ X)
    with pytest.raises(TypeError, match=r"f\.data"):
        run(matrix(), np.ones(6, "float32"))
    with pytest.raises(TypeError, match="argument 'f' expects a float32 csr matrix"):
        run(np.ones((2, 6)), np.ones(6, "float32"))


@pytest.mark.parametrize("mode", MODES)
def test_pickles_copies_and_resets(mode):
    net = Linear().make(W=matrix(), mode=mode)
    x, y = np.arange(6.0), np.ones(4)
    net.step(x, y)
    others = [pickle.loads(pickle.dumps(net)), copy.deepcopy(net), copy.copy(net)]
    net.step(x, y)
    for other in others[:2]:
        assert other.W.toarray().tolist() != net.W.toarray().tolist()
        other.step(x, y)
        np.testing.assert_allclose(other.W.toarray(), net.W.toarray())
        np.testing.assert_allclose(other.double().toarray(), 2 * net.W.toarray())
    step = pickle.loads(pickle.dumps(net.step))
    np.testing.assert_allclose(step(x, y), net.step(x, y))
    double = pickle.loads(pickle.dumps(net.double))
    assert double().shape == (4, 6)
    net.reset()
    np.testing.assert_array_equal(net.W.toarray(), matrix().toarray())
    module = pickle.loads(pickle.dumps(Linear()))
    assert module.make(W=matrix(), mode=mode).double().nnz == matrix().nnz


def test_states_by_name_in_files_snapshots_and_transactions(tmp_path):
    net = Linear().make(W=matrix())
    assert list(net.state_dict()) == ["W.data", "W.indices", "W.indptr", "W.extent"]
    assert net["W.data"].tolist() == matrix().data.tolist()
    net.save(tmp_path / "net.npz")
    before = net.snapshot()
    first = net.W.toarray()
    net.W = matrix(3, 6, seed=8)
    net.restore(before)
    np.testing.assert_array_equal(net.W.toarray(), first)
    with pytest.raises(RuntimeError), net.transaction():
        net.W = matrix(3, 6, seed=8)
        raise RuntimeError
    np.testing.assert_array_equal(net.W.toarray(), first)
    other = Linear().make()
    assert other.W is None
    other.load(tmp_path / "net.npz")
    np.testing.assert_array_equal(other.W.toarray(), first)


def test_state_that_is_no_matrix_never_reaches_memory():
    net = Linear().make(W=matrix())
    state = net.state_dict()
    state["W.indices"] = state["W.indices"] + 100
    net.load_state_dict(state)
    with pytest.raises(ValueError, match="no sparse matrix"):
        net.predict(np.ones(6))


@pytest.mark.parametrize("mode", MODES)
def test_first_values_nested_modules_lists_and_sharing(mode):
    class Net(Module):
        def __init__(self):
            super().__init__()
            self.W = sparse.csr_matrix(init=matrix(6, 6))
            self.first, self.second = Module(W=self.W), Module(W=self.W)
            self.many = [sparse.csr_matrix(init=lambda at=at: matrix(6, 6, at)) for at in range(2)]
            x = T.dvector("x")
            self.run = Method(x, [self.W @ x, self.many[1] @ (self.many[0] @ x)], {self.many[0]: self.many[0] * 0.5})
            self.first.twice = Method([], None, {self.W: self.W * 2})

    net = Net().make(mode=mode)
    x, a, b = np.arange(6.0), matrix(6, 6, 0), matrix(6, 6, 1)
    for got, want in zip(net.run(x), [matrix(6, 6) @ x, b @ (a @ x)], strict=True):
        np.testing.assert_allclose(got, want, atol=1e-12)
    np.testing.assert_allclose(net.run(x)[1], 0.5 * (b @ (a @ x)), atol=1e-12)
    net.first.twice()
    np.testing.assert_allclose(net.second.W.toarray(), 2 * matrix(6, 6).toarray())
    np.testing.assert_allclose(net.many[0].toarray(), a.toarray() / 4)
    net.many[1] = a
    net["many.0"] = b
    np.testing.assert_allclose(net.run(x)[1], a @ (b @ x), atol=1e-12)
    assert list(net.state_dict())[:3] == ["W.data", "W.indices", "W.indptr"]
    with pytest.raises(ValueError, match="many"):
        net.initialize(W=a, many=[a])


@pytest.mark.parametrize("mode", MODES)
def test_an_update_by_another_structure_replaces_all_of_it(mode):
    class Swap(Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = sparse.csr_matrix(), sparse.csr_matrix()
            new = sparse.csr_matrix("new")
            self.swap = Method([], None, {self.a: self.b, self.b: self.a})
            self.put = Method(new, None, {self.a: new * 3})

    inst = Swap().make(a=matrix(), b=matrix(5, 7, 1), mode=mode)
    inst.swap()
    np.testing.assert_array_equal(inst.a.toarray(), matrix(5, 7, 1).toarray())
    np.testing.assert_array_equal(inst.b.toarray(), matrix().toarray())
    inst.put(matrix(2, 3, 2))
    np.testing.assert_array_equal(inst.a.toarray(), 3 * matrix(2, 3, 2).toarray())


def test_updates_that_are_no_matrix_of_the_format_are_refused():
    def updated(value):
        class Wrong(Module):
            def __init__(self):
                super().__init__()
                self.W = sparse.csr_matrix()
                self.go = Method([], None, {self.W: value(self.W)})

        return Wrong().make()

    with pytest.raises(TypeError, match=r"Wrong.go.*the update of W is a sparse matrix.*from_dense"):
        updated(lambda w: w.toarray())
    with pytest.raises(TypeError, match=r"is csc, not csr: use tocsr\(\)"):
        updated(lambda w: w.T)
    assert updated(sparse.structured_exp) is not None


@pytest.mark.parametrize("mode", MODES)
def test_arguments_by_name_defaults_and_lists_of_results(mode):
    W, x = sparse.csr_matrix("W"), T.dvector("x")
    run = function([In(W, value=matrix()), In(x, value=np.ones(6))], [W @ x, W * 2, x], mode=mode)
    product, double, same = run()
    np.testing.assert_allclose(product, matrix().sum(axis=1), atol=1e-12)
    assert isinstance(double, sp.csr_array)
    assert same.tolist() == [1.0] * 6
    other = matrix(seed=4)
    np.testing.assert_allclose(run(x=np.arange(6.0), W=other)[0], other @ np.arange(6.0), atol=1e-12)
    np.testing.assert_allclose(run(other)[0], other.sum(axis=1), atol=1e-12)
    np.testing.assert_array_equal(run["W"].toarray(), matrix().toarray())
    run["W"] = other
    np.testing.assert_array_equal(run[W].toarray(), other.toarray())
    np.testing.assert_allclose(run()[0], other.sum(axis=1), atol=1e-12)
    assert list(inspect.signature(run).parameters) == ["W", "x"]
    assert "Method function" in repr(run)
    assert "c_source" in dir(run)
    with pytest.raises(TypeError, match="there is no argument 'V'"):
        run(V=other)
    with pytest.raises(TypeError, match="given twice"):
        run(other, W=other)
    with pytest.raises(TypeError, match="takes 2 arguments, 3 were given"):
        run(other, 1, 2)
    bare = function([W, x], Out(W), mode=mode, on_unused_input="ignore")
    with pytest.raises(TypeError, match="argument 'x' is missing"):
        bare(other)
    assert isinstance(bare(other, np.ones(6)), sp.csr_array)


def test_results_are_the_callers_own():
    net = Linear().make(W=matrix())
    first = net.double()
    first.data[:], first.indices[:] = 0, 0
    np.testing.assert_allclose(net.double().toarray(), 2 * matrix().toarray())
    W = sparse.csr_matrix("W")
    given = matrix()
    same = function([W], W)(given)
    same.data[:], same.indices[:] = 0, 0
    np.testing.assert_array_equal(given.toarray(), matrix().toarray())


@pytest.mark.parametrize("mode", MODES)
def test_shared_matrices(mode):
    S, x = sparse.shared(matrix(), "S"), T.dvector("x")
    run = function([x], S @ x, {S: S * 2}, mode=mode)
    np.testing.assert_allclose(run(np.ones(6)), matrix().sum(axis=1), atol=1e-12)
    np.testing.assert_allclose(S.get_value().toarray(), 2 * matrix().toarray())
    S.set_value(matrix(seed=7).tocsc())
    np.testing.assert_allclose(run(np.ones(6)), matrix(seed=7).sum(axis=1), atol=1e-12)
    with pytest.raises(modc.ShapeError):
        S.set_value(matrix(4, 7))
    with pytest.raises(TypeError, match="scipy"):
        sparse.shared(np.ones((2, 2)))


def test_unused_inputs_and_missing_storage_are_named():
    W, V, x = sparse.csr_matrix("W"), sparse.csr_matrix("V"), T.dvector("x")
    with pytest.raises(ValueError, match="the input V is not used"):
        function([W, V, x], W @ x)
    with pytest.raises(modc.AllocationError, match=r"W\.(data|indptr|indices|extent)"):
        function([x], W @ x)
    with pytest.raises(TypeError, match="is an expression"):
        function([W.T, x], W.T @ x)
    with pytest.raises(TypeError, match="private state"):
        function([In(W, value=matrix(), update=W * 2)], W)


def test_expressions_in_modules_have_no_storage():
    class Net(Module):
        def __init__(self):
            super().__init__()
            self.W = sparse.csr_matrix()
            self.twice = self.W * 2
            self.go = Method([], self.twice)

    module = Net()
    assert "External" in module.pretty()
    inst = module.make(W=matrix())
    assert not hasattr(inst, "twice")
    np.testing.assert_allclose(inst.go().toarray(), 2 * matrix().toarray())
    assert "float64 csr matrix" in repr(inst)
    assert "csr" in module.pretty()


def test_values_of_expressions_for_looking():
    W, x = sparse.csr_matrix("W"), T.dvector("x")
    np.testing.assert_allclose((W @ x).eval({W: matrix(), x: np.ones(6)}), matrix().sum(axis=1), atol=1e-12)
    assert isinstance((W * 2).eval({W: matrix()}), sp.csr_array)


def test_threads_never_see_half_a_matrix():
    net = Linear().make(W=matrix())
    values = [matrix(40, 60, seed) for seed in range(4)]
    wrong = []

    def write(at):
        for _ in range(50):
            net.W = values[at]

    def read():
        for _ in range(100):
            found = net.double()
            if not any(np.array_equal(found.toarray(), 2 * value.toarray()) for value in (*values, matrix())):
                wrong.append(found)

    threads = [*(threading.Thread(target=write, args=(at,)) for at in range(4)), threading.Thread(target=read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("mode", MODES)
def test_givens_exchange_matrices(mode):
    W, V, x = sparse.csr_matrix("W"), sparse.csr_matrix("V"), T.dvector("x")
    run = function([V, x], W @ x, givens={W: V * 2}, mode=mode)
    np.testing.assert_allclose(run(matrix(), np.ones(6)), 2 * matrix().sum(axis=1), atol=1e-12)

"""Sparse members in exports, in packages, and where SciPy is not."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest
import scipy.sparse as sp
from exported import C99, SANITIZE, compile_run, execute
from tools import need
from wheel_packages import pack

import modc
import modc.runtime
import modc.tensor as T
from modc import Method, Module, grad, sparse


def matrix(rows=4, columns=6, seed=0, format="csr"):
    rng = np.random.default_rng(seed)
    dense = rng.normal(size=(rows, columns)) * (rng.random((rows, columns)) < 0.5)
    return sp.coo_array(dense).asformat(format)


class Linear(Module):
    def __init__(self, **options):
        super().__init__()
        self.W = sparse.csc_matrix(**options)
        x, y, A = T.dvector("x"), T.dvector("y"), sparse.csr_matrix("A", **options)
        cost = ((self.W @ x - y) ** 2).sum()
        self.step = Method([x, y], cost, {self.W: self.W - 0.01 * grad(cost, self.W)})
        self.apply = Method([A, x], [A @ x, A * 2])


SIZES = {"A.data.0": 20, "A.indices.0": 20, "A.indptr.0": 21, "A.extent.0": 20, "A.extent.1": 20, "x.0": 20}


@pytest.mark.parametrize("flags", [(), SANITIZE], ids=["plain", "sanitized"])
def test_exports_compile_and_pass_their_own_test(tmp_path, flags):
    fixed = modc.export(Linear(shape=(4, 6)).make(W=matrix()), tmp_path / "fixed", name="fixed", most={"A.data.0": 10, "A.indices.0": 10})
    assert "checks passed" in compile_run(fixed, "gcc", (*C99, *flags))
    free = modc.export(Linear().make(W=matrix()), tmp_path / "open", name="loose", most=SIZES, freeze=("W.indices", "W.indptr"))
    assert "checks passed" in compile_run(free, "gcc", (*C99, *flags))


TEXT = """
from modc import grad, sparse
import scipy.sparse as sp

class Linear(Module):
    def __init__(self):
        self.W = sparse.csr_matrix(init=sp.csr_array(np.eye(3, 4)))
        self.many = [sparse.csc_matrix(), T.dscalar()]
        x, y, A = T.dvector("x"), T.dvector("y"), sparse.csr_matrix("A", shape=(3, None))
        cost = ((self.W @ x - y) ** 2).sum()
        self.step = Method([x, y], cost, {self.W: self.W - 0.25 * grad(cost, self.W)})
        self.apply = Method([In(A, value=sp.csr_array(np.ones((3, 2)))), x], [A @ x, A * 2])
        self.double = Method([], self.many[0] * 2)
"""


@pytest.mark.skipif(modc.runtime.KIND == "numpy", reason="no kernel can be called")
def test_packages_have_sparse_members_arguments_and_results(tmp_path):
    packed = pack(tmp_path, TEXT, {"linear": "Linear"})
    net = modc.runtime.load(packed.path, "linear")()
    np.testing.assert_array_equal(net.W.toarray(), np.eye(3, 4))
    assert net.step(np.ones(4), np.zeros(3)) == 3.0
    np.testing.assert_allclose(net.W.toarray(), 0.5 * np.eye(3, 4))
    product, double = net.apply(x=np.ones(2))
    assert product.tolist() == [2, 2, 2]
    assert isinstance(double, sp.csr_array)
    with pytest.raises(TypeError, match=r"argument 'A' expects a float64 csr matrix of shape \(3, \?\)"):
        net.apply(np.ones((3, 2)), np.ones(2))
    net.many[0] = matrix()
    np.testing.assert_allclose(net.double().toarray(), 2 * matrix().toarray())
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        np.testing.assert_array_equal(other.W.toarray(), net.W.toarray())
        np.testing.assert_allclose(other.double().toarray(), 2 * matrix().toarray())
    net.reset()
    np.testing.assert_array_equal(net.W.toarray(), np.eye(3, 4))
    with pytest.raises(TypeError, match="expects a float64 csr matrix"):
        net.W = np.eye(3)


def test_modules_without_sparse_matrices_do_not_import_scipy():
    program = (
        "import sys, modc.tensor as T; from modc import Method, Module, sparse\n"
        "m = Module(x=T.dscalar()); m.go = Method([], m.x + 1); assert m.make(x=1).go() == 2\n"
        "W = sparse.csr_matrix('W'); W @ T.dvector('x'); print('scipy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


MAIN = """
#include "lin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each array in memory of exactly its size, so that the sanitizer sees every read beyond it. */
static void *exact(const void *from, size_t bytes) { void *to = malloc(bytes); memcpy(to, from, bytes); return to; }

int main(void) {
    const int32_t starts[][4] = {{0, 1, 1, 3}, {0, 1, 1, 4}, {0, 1000000, 1, 3}, {0, -5, 1, 3}, {1, 1, 1, 3}, {0, 2, 1, 3}, {0, 1, 1, 2}};
    const int32_t columns[][3] = {{0, 3, 1}, {0, 4, 1}, {0, -1, 1}, {2147483647, 0, 0}, {-2147483647 - 1, 0, 0}};
    const double values[3] = {1, 2, 3}, x[4] = {1, 1, 1, 1}, z[3] = {1, 1, 1};
    for (size_t i = 0; i < 7; i++)
        for (size_t j = 0; j < 5; j++) {
            lin_state *s = malloc(sizeof *s);
            double *v = exact(values, sizeof values), *a = exact(x, sizeof x), *b = exact(z, sizeof z);
            int32_t *p = exact(starts[i], sizeof starts[i]), *c = exact(columns[j], sizeof columns[j]);
            double *y = malloc(3 * sizeof *y), *t = malloc(4 * sizeof *t), *sums = malloc(4 * sizeof *sums), *more = malloc(3 * sizeof *more);
            double *dense = malloc(12 * sizeof *dense), *slope = malloc(3 * sizeof *slope);
            lin_init(s);
            const int code = lin_go(s, v, c, p, a, b, y, t, sums, more, dense, slope);
            printf("%d", code != 0);
            free(s), free(v), free(a), free(b), free(p), free(c), free(y), free(t), free(sums), free(more), free(dense), free(slope);
        }
    return 0;
}
"""


def test_no_array_is_read_outside_whatever_the_structure_says(tmp_path):
    A, x, z = sparse.csr_matrix("A", shape=(3, 4), nnz=3), T.TensorType("float64", (4,))("x"), T.TensorType("float64", (3,))("z")
    y = A @ x
    outputs = [y, A.T @ z, A.sum(0), A.sum(1), A.toarray(), grad((y**2).sum(), A).data]
    module = Module(kept=T.dscalar())
    module.go = Method([A, x, z], outputs, {module.kept: module.kept + 1})
    found = modc.export(module.make(kept=0), tmp_path / "out", name="lin")
    (found.directory / "main.c").write_text(MAIN)
    (compiler,) = need("gcc")
    execute([compiler, "-std=c99", *SANITIZE, "main.c", "lin.c", "-lm", "-o", "main"], found.directory)
    assert execute(["./main"], found.directory) == "0" + 34 * "1"

"""Looking at expressions, Methods and instances, and at values during a call."""

from __future__ import annotations

import io
from html.parser import HTMLParser

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import Method, Module, as_op, function, grad
from modc.tensor import printing
from modc.tensor.printing import Print, debugprint, dot, pp

MODES = ["c", "numpy", "check"]


class Net(Module):
    def __init__(self):
        super().__init__()
        x = T.dmatrix("x")
        self.w, self.b = T.dmatrix(), T.dvector()
        y = T.tanh(x @ self.w + self.b)
        self.step = Method(x, y.sum(), {self.w: self.w - grad(y.sum(), self.w)})


class Pair(Module):
    def __init__(self):
        super().__init__()
        self.net, self.n = Net(), T.lscalar()
        self.count = Method([], self.n + 1)


def made():
    return Pair().make(net={"w": [[1.0, 2.0], [3.0, 4.0]], "b": [0.0, 1.0]}, n=3)


def test_pp_is_one_line_without_an_end():
    x = T.dvector("x")
    assert pp(T.exp(x)[1:] * 2) == "exp(x)[1:] * 2.0"
    assert pp(3) == "3"
    long = x
    for _ in range(150):
        long = long * x
    assert pp(long).count("x") == 151
    assert pp(made().net.step).splitlines()[0] == "sum(tanh(x @ w + b))"
    assert pp(made().net.step).splitlines()[1].startswith("w <- w - ")


def test_a_tree_has_every_part_once_with_its_type():
    x = T.dmatrix("x")
    t = T.tanh(x)
    assert debugprint(t + t.sum() * 2, file="str").splitlines() == [
        "add [id A] float64[x.shape[0], x.shape[1]]",
        " ├─ tanh [id B] float64[x.shape[0], x.shape[1]]",
        " │   └─ x [id C] float64[x.shape[0], x.shape[1]]",
        " └─ mul [id D] float64[]",
        "     ├─ sum{axes=(0, 1)} [id E] float64[]",
        "     │   └─ tanh [id B] float64[x.shape[0], x.shape[1]] ...",
        "     └─ 2.0 [id F] float64[]",
    ]


def test_trees_can_be_without_types_or_ids_and_cut_off():
    x = T.dvector("x")
    expression = T.exp(x * 2)
    assert debugprint(expression, file="str", print_type=False, ids="") == "exp\n └─ mul\n     ├─ x\n     └─ 2.0\n"
    assert debugprint([x, expression], file="str", print_type=False, ids="int", depth=1) == "x [id 0]\nexp [id 1]\n └─ mul [id 2] ...\n"
    stream = io.StringIO()
    assert debugprint(expression, file=stream) is None
    assert stream.getvalue() == debugprint(expression, file="str")


def test_a_tree_goes_to_standard_output(capsys):
    T.debugprint(T.dvector("x") + 1)
    assert capsys.readouterr().out.startswith("add [id A] float64[x.shape[0]]\n")


def test_a_deep_graph_prints_without_recursion():
    x = T.dvector("x")
    for _ in range(3000):
        x = T.sin(x)
    assert debugprint(x, file="str", print_type=False, ids="").count("\n") == 3001
    assert "n3000 " in dot(x)


def test_a_method_shows_storage_and_every_stage():
    text = debugprint(made().net.step, file="str")
    for part in (
        "Method Net.step (mode c)\n", "  input   x: float64[x.shape[0], x.shape[1]]\n",
        "  member  w: float64[w.shape[0], w.shape[1]], (2, 2), 32 bytes; read, written\n", "(2,), 16 bytes; read\n",
        "\ngraph\n  output 0: sum{axes=(0, 1)} [id A] float64[]\n", "\n  w <- sub [id ", "\nrewritten\n", "\nschedule\n", "  output out0\n",
    ):  # fmt: skip
        assert part in text
    before, after = text.split("rewritten\n")
    assert "broadcast" in before and "broadcast" not in after
    assert "rewritten" not in debugprint(made().net.step, file="str", stages=["graph"])


@pytest.mark.parametrize("mode", MODES)
def test_an_instance_shows_all_its_methods_in_every_mode(mode):
    inst = Pair().make(mode=mode)
    text = debugprint(inst, file="str")
    assert f"Method Net.step (mode {mode})" in text and f"Method Pair.count (mode {mode})" in text
    assert "holds nothing" in text


def test_a_method_of_several_kernels_shows_each():
    x = T.dvector("x")
    text = debugprint(function([x], x[: T.argmax(x)] * 2), file="str")
    assert "rewritten of kernel 1 of 2\n" in text and "schedule of kernel 2 of 2\n" in text


def test_what_cannot_be_shown_is_refused():
    for wrong in (3, "x", object(), [T.dvector(), 3]):
        with pytest.raises(TypeError, match="debugprint shows Variables, compiled Methods and instances"):
            debugprint(wrong, file="str")
    with pytest.raises(ValueError, match="ids is"):
        debugprint(T.dvector(), ids="x")
    with pytest.raises(ValueError, match="stages are"):
        debugprint(T.dvector(), stages=["c"])


# Print


@pytest.mark.parametrize("mode", MODES)
def test_print_writes_the_value_at_each_call_and_changes_nothing(mode, capsys):
    x = T.dvector("x")
    seen = Print("the value")(x * 2)
    run = function([x], [seen + 1, grad((seen**2).sum(), x), T.jacobian(seen, x)], mode=mode)
    found = run([1.0, 2.0])
    assert [one.tolist() for one in found] == [[3.0, 5.0], [8.0, 16.0], [[2.0, 0.0], [0.0, 2.0]]]
    assert capsys.readouterr().out == "the value __str__ = [2. 4.]\n"
    run([3.0])
    assert capsys.readouterr().out == "the value __str__ = [6.]\n"


def test_print_shows_attributes_and_keeps_every_type(capsys):
    for dtype in ("bool", "int8", "float32"):
        x = T.TensorType(dtype, (None, 3))("x")
        seen = Print("m", attrs=("shape", "max"))(x)
        assert (seen.dtype, seen.type.shape) == (dtype, (None, 3))
        assert function([x], seen)(np.ones((2, 3), dtype)).tolist() == np.ones((2, 3), dtype).tolist()
        assert capsys.readouterr().out == f"m shape = (2, 3)\nm max = {np.ones(1, dtype).max()}\n"
    with pytest.raises(TypeError, match="Print takes a message"):
        Print(3)


def test_print_before_a_failure_is_printed_and_state_stays(capsys):
    class Failing(Module):
        def __init__(self):
            super().__init__()
            self.s = T.dvector()
            i = T.lscalar("i")
            self.step = Method(i, Print("i")(i) + 0, {self.s: self.s[i] + self.s})

    inst = Failing().make(s=[1.0, 2.0])
    with pytest.raises(IndexError):
        inst.step(5)
    assert (capsys.readouterr().out, inst.s.tolist()) == ("i __str__ = 5\n", [1.0, 2.0])


def test_a_printed_expression_reads_and_pickles():
    import pickle

    x = T.dvector("x")
    assert str(Print("hello")(x) + 1) == "Print(x) + 1.0"
    again = pickle.loads(pickle.dumps(Print("hello")(x) + 1))
    assert str(again) == "Print(x) + 1.0"


# HTML and pictures


class Strict(HTMLParser):
    """Tags that are open, and all text."""

    def __init__(self):
        super().__init__()
        self.open, self.text, self.tags = [], "", set()

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def parsed(html):
    found = Strict()
    found.feed(html)
    found.close()
    assert (found.open, "table" in found.tags) == ([], True)
    assert found.tags <= {"table", "caption", "b", "thead", "tbody", "tr", "th", "td", "code"}
    return found.text


EVIL = "<script>alert('x')</script>&\"\x00"


def test_notebooks_get_small_tables_in_which_nothing_is_code():
    x = T.dmatrix(EVIL)
    assert "float64[" in parsed((x + 1)._repr_html_()) and "test_printing.py:" in parsed(x._repr_html_())
    module = Net()
    setattr(module, "odd name <b>", T.dvector(init=[1.0]))
    assert "Member w: float64 matrix" in parsed(module._repr_html_())
    inst = module.make(w=[[1.0, 2.0]], b=[3.0])
    text = parsed(inst._repr_html_())
    assert "odd name <b>" in text and "[[1. 2.]]" in text and "Method" in text
    assert parsed(made()._repr_html_()).startswith("Pair")
    many = Module()
    for at in range(100):
        setattr(many, f"m{at}", T.dvector())
    assert "and 40 more" in parsed(many.make()._repr_html_())
    assert len(parsed(Net().make(w=np.ones((300, 300)), b=None)._repr_html_())) < 2000
    listed = modc.ComponentList(T.dvector("a"), T.dvector("b"))
    parsed(listed._repr_html_())
    parsed(listed.make()._repr_html_())


def test_dot_is_a_graph_with_quoted_labels(tmp_path):
    x = T.dvector('a "quoted" \\ name')
    text = dot(T.exp(x) * 2)
    assert text.startswith("digraph modc {") and text.endswith("}\n")
    assert '\\"quoted\\"' in text and text.count(" -> ") == 4
    assert dot(made().net.step).count("plaintext") == 2
    printing.pydotprint(x * 2, str(tmp_path / "g.dot"))
    assert (tmp_path / "g.dot").read_text().startswith("digraph")


def test_names_with_newlines_stay_on_their_line():
    x = T.dvector("a\nb")
    assert len(debugprint(x + 1, file="str").splitlines()) == 3
    assert len(pp(x).splitlines()) == 1

    def function_with_odd_name(v):
        return v

    function_with_odd_name.__name__ = "odd\nname"
    y = as_op([T.dvector], [T.dvector])(function_with_odd_name)(x)
    assert len(debugprint(y, file="str", print_type=False).splitlines()) == 2


def test_printing_is_where_theano_has_it():
    assert modc.printing is printing and T.printing is printing and T.Print is Print and T.pp is pp

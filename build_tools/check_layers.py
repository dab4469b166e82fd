"""Checks that imports follow the layers of ARCHITECTURE.md, those inside functions included.

    python build_tools/check_layers.py [directory of the modc package]

Prints one line per import that its layer does not allow, and exits 1 if there is one.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

#: What each layer may import besides itself. The order is the order of the data.
LAYERS: dict[str, set[str]] = {
    "errors": set(),
    "markup": set(),
    "config": {"errors"},
    "graph": {"errors", "config"},
    "tensor": {"errors", "config", "graph", "markup"},
    "nnet": {"tensor"},
    "rewrite": {"errors", "config", "graph", "tensor"},
    "schedule": {"errors", "config", "graph"},
    "emit": {"errors", "config", "graph", "schedule"},
    "build": {"errors", "config", "_abi"},
    "runtime": {"errors", "config", "build", "markup", "_abi", "_call"},
    "compiler": {"errors", "config", "graph", "rewrite", "schedule", "emit"},
    "failure": {"errors", "graph", "runtime"},
    "isolated": {"graph", "runtime", "pipeline"},
    "check": {"errors", "config", "graph", "rewrite", "runtime", "pipeline", "isolated"},
    "staged": {"errors", "graph", "check", "isolated", "pipeline"},
    "recording": {"errors", "graph"},
    "pipeline": {
        "errors", "config", "graph", "compiler", "rewrite", "schedule", "build", "runtime", "failure", "check", "staged", "recording",
    },
    "module": {"errors", "config", "graph", "tensor", "runtime", "pipeline", "failure", "markup"},
    "sparse": {"errors", "graph", "tensor", "module", "runtime"},
    "cache": {"errors", "config", "build", "ahead"},
    "ahead": {"errors", "config", "recording", "graph", "schedule", "build", "runtime", "pipeline", "check", "module"},
    "embed": {"errors", "config", "graph", "rewrite", "schedule", "emit", "build", "runtime", "pipeline", "check", "isolated", "module", "__init__"},
    "cli": {"ahead", "embed", "errors", "config", "graph", "tensor", "build", "runtime", "pipeline", "compiler", "module", "cache", "__init__"},
    "wheel": {"errors", "config", "graph", "build", "runtime", "pipeline", "failure", "module", "ahead", "check",
              "compiler", "schedule", "__init__"},
    "__init__": {"errors", "config", "tensor", "nnet", "module", "sparse", "ahead", "embed"},
    "__main__": {"cli"},
}


def imports(path: Path) -> list[tuple[int, str]]:
    """(line, imported module) of every import of modc in a file, wherever it stands; not for type checkers only."""
    tree = ast.parse(path.read_text())
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return [(line, name) for line, name in found if name == "modc" or name.startswith("modc.")]


def layer_of(package: Path, path: Path) -> str:
    """The layer a file belongs to: its folder under the package, or its own name."""
    parts = path.relative_to(package).parts
    return parts[0] if len(parts) > 1 else path.stem


def violations(package: Path) -> list[str]:
    """One line per import that the table does not allow."""
    found: list[str] = []
    for path in sorted(package.rglob("*.py")):
        layer = layer_of(package, path)
        if layer in ("_abi",):
            continue
        if layer not in LAYERS:
            found.append(f"{path}: {layer} is no layer")
            continue
        for line, name in imports(path):
            target = name.split(".")[1] if "." in name else "__init__"
            if target != layer and target not in LAYERS[layer]:
                found.append(f"{path}:{line}: {layer} may not import {name}")
    return found


def cycles(package: Path) -> list[str]:
    """Module-level import cycles between files, as text."""
    graph: dict[str, set[str]] = {}
    for path in sorted(package.rglob("*.py")):
        name = ".".join(("modc", *path.relative_to(package).with_suffix("").parts)).removesuffix(".__init__")
        graph[name] = {target for _, target in imports(path)}
    for name, targets in graph.items():
        graph[name] = {_module_of(target, graph) for target in targets} - {name}
    return _cycles_of(graph)


def _module_of(name: str, known: dict[str, set[str]]) -> str:
    """The module behind `from module import thing`."""
    while name not in known and "." in name:
        name = name.rpartition(".")[0]
    return name


def _cycles_of(graph: dict[str, set[str]]) -> list[str]:
    found: list[str] = []
    state: dict[str, int] = {}

    def visit(name: str, path: list[str]) -> None:
        state[name] = 1
        for target in sorted(graph.get(name, ())):
            if state.get(target) == 1:
                found.append(" -> ".join([*path[path.index(target):], target]))
            elif target not in state:
                visit(target, [*path, target])
        state[name] = 2

    for name in sorted(graph):
        if name not in state:
            visit(name, [name])
    return found


def main() -> int:
    package = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "src" / "modc"
    problems = violations(package) + [f"cycle: {text}" for text in cycles(package)]
    print("\n".join(problems) or "imports follow the layers")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

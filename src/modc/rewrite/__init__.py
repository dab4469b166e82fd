"""Program in, better Program out: rules as equations, one engine, one list of passes."""

from modc.rewrite.passes import PASSES, Pass, optimize, stable

__all__ = ["PASSES", "Pass", "optimize", "stable"]

"""Kernels in wheels: the setuptools build hook, and what it puts into a package.

`hook` is called by setuptools for every project and does nothing for those without the table
[tool.modc.build]; `settings` reads the table, `gather` calls the factories, `describe` writes down
what they made, `compile` makes the kernels, `manifest` the files. Neighbours: `ahead` and `build`
below; `build.shipped` and `runtime.packaged` read at run time what is written here.
"""

"""Kernels before they are needed: targets by name, their Programs, warming, recording.

Nothing here is loaded by a program that finds its kernels. Neighbours: `module`, `pipeline` and
`build` below; the command line above.
"""

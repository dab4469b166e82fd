"""The command `modc`: one module per verb, loaded when the verb is used.

Neighbours: everything below it; nothing imports it but `modc.__main__`.
"""

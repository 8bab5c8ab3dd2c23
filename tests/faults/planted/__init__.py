"""Bugs planted into a copy of the product, to see that the harness catches each: what cannot fail proves nothing.

python -m faults.planted                    all of them, each at the level that covers it
python -m faults.planted "surplus forgotten"    one
"""

"""The inner loops as machine code: each a plain function over arrays, compiled by numba without Python's lock."""

"""References that C code holds, and nobody else knows of."""

import ctypes

held_by_c = ctypes.pythonapi.Py_IncRef
held_by_c.argtypes = [ctypes.py_object]
held_by_c.restype = None
given_back_by_c = ctypes.pythonapi.Py_DecRef
given_back_by_c.argtypes = [ctypes.py_object]
given_back_by_c.restype = None

"""Runs objgraph's test suite, as it is, on objgraph or on ouro.objgraph; prints its failures as JSON.

    python run_objgraph_suite.py {objgraph,ouro.objgraph} FOLDER_OF_THE_SDIST
"""

import importlib
import json
import os
import sys
import unittest


def main():
    module, folder = sys.argv[1:]
    os.chdir(folder)
    sys.path.insert(0, folder)
    if module != "objgraph":
        sys.modules["objgraph"] = importlib.import_module(module)
    import tests

    result = unittest.TestResult()
    tests.test_suite().run(result)
    failures = {str(test): text for test, text in result.failures + result.errors}
    print("\n" + json.dumps({"run": result.testsRun, "skipped": len(result.skipped),
                             "failures": failures}))  # fmt: skip


if __name__ == "__main__":
    main()

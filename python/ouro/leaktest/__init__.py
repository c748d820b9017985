"""What tests leave behind: the parts of the pytest plugin (ouro.pytest_plugin) that do not know pytest.

    marks     which objects have come since a moment, and are alive
    cycles    what the collector found, by shape
    holders   who holds an object, as a path from a module
    copies    a test run again, in a copy of the process
    words     all of it for people and as JSON
"""

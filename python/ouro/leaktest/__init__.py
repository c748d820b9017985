"""What tests leave behind: the parts of the pytest plugin (ouro.pytest_plugin) that do not know pytest.

    marks        which objects have come since a moment, and are alive
    containers   which containers of modules have grown
    copies       a test run again, in a copy of the process
    caches       those that are bounded, and emptied there
    holders      who holds an object, as a path from a module
    cycles       what the collector found, by shape
    rules        what may stay
    found        what is found of a test
    words        all of it for people
"""

"""A class for every request, kept by a registry of plugins, as metaclasses and namedtuples invite to."""

import collections

from ready import wait_for_the_test


class Plugin:
    registry = []

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        Plugin.registry.append(cls)


def serializer_for(number):
    class Serializer(Plugin):
        fields = ["id", "name", "field_%d" % number]

        def dump(self, value):
            return {field: getattr(value, field) for field in self.fields}

    return Serializer


rows = []
for number in range(300):
    serializer_for(number)
    Row = collections.namedtuple("Row", ["id", "name"])
    rows.append(Row(number, "row %d" % number))
wait_for_the_test()

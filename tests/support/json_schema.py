"""Whether what a command prints with --json is what docs/reference/json.schema.json says of it.

    json_schema.check("top", document)     raises jsonschema.ValidationError
"""

import functools
import json
import pathlib

try:
    import jsonschema  # package python3-jsonschema; without it nothing is checked
except ImportError:
    jsonschema = None

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCHEMA = json.loads((ROOT / "docs" / "reference" / "json.schema.json").read_text())


@functools.lru_cache(maxsize=None)
def validator_of(command):
    # Kept: to check the schema itself takes longer than to check most documents.
    schema = dict(SCHEMA, **{"$ref": "#/$defs/" + command})
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def check(command, document):
    """Of commands that the schema says nothing of, nothing is checked."""
    if jsonschema is not None and command in SCHEMA["$defs"]:
        validator_of(command).validate(document)

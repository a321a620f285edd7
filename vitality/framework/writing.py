"""A framework written as YAML, so that a branch can change it and read it back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from vitality.framework.files import write_file
from vitality.framework.yaml_text import YAML_ENDINGS

if TYPE_CHECKING:
    from vitality.framework.model import Framework


class _Dumper(yaml.SafeDumper):
    """Block style for mappings, one line for short lists of plain values."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write every value out; a branch should not have to read anchors."""
        return True


def _short_list(dumper: _Dumper, items: list[Any]) -> yaml.Node:
    plain = all(not isinstance(item, (dict, list)) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=plain)


_Dumper.add_representer(list, _short_list)


def plain(framework: Framework) -> dict[str, Any]:
    """Give the framework as plain data, without keys that only repeat a default."""
    return framework.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def write_yaml(framework: Framework, path: str | os.PathLike[str]) -> Path:
    """Write the framework to a YAML file; what `Framework.to_yaml` does."""
    text = yaml.dump(plain(framework), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return write_file(path, text, endings=YAML_ENDINGS)

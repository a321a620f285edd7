"""The manifest of a round folder: which inputs a clean round was made from, and by what."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from vitality.framework import Framework
from vitality.survey.corrections import CORRECTIONS_FILE
from vitality.survey.mapping import MAPPING_FILE
from vitality.survey.personal import masked_name
from vitality.survey.privacy import key_text
from vitality.survey.settings import RAW_FOLDER, SETTINGS_FILE, nested_files, raw_files, round_settings

MANIFEST_FILE = "manifest.json"
CLEAN_FOLDER = "clean"
#: Raised when the form of the clean tables changes, so that old ones are made anew.
CLEAN_FORMAT = 2


def fingerprint(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def framework_fingerprint(framework: Framework) -> str:
    """SHA-256 of everything that a framework says."""
    return hashlib.sha256(framework.model_dump_json().encode()).hexdigest()


def input_files(folder: Path) -> dict[str, Path]:
    """Every input of a round, with those of the round before, by its name relative to the round folder.

    Personal data in the name of a file are masked, since manifests leave the folder.
    """
    nested = [file for files in nested_files(folder).values() for file in files]
    found = {"/".join(map(masked_name, file.relative_to(folder).parts)): file for file in (*raw_files(folder), *nested)}
    for name in (SETTINGS_FILE, CORRECTIONS_FILE, MAPPING_FILE):
        if (folder / name).is_file():
            found[name] = folder / name
    previous = round_settings(folder).previous
    if previous and (folder / previous / RAW_FOLDER).is_dir():
        found |= {f"{previous}/{name}": file for name, file in input_files(folder / previous).items()}
    return dict(sorted(found.items()))


def describe_inputs(folder: Path, framework: Framework) -> dict[str, Any]:
    """Fingerprints of the inputs and of what reads them."""
    from vitality import __version__

    inputs = {name: fingerprint(file) for name, file in input_files(folder).items()}
    if any(question.private == "hash" for form in framework.instruments for question in form.questions):
        inputs["key"] = _key_mark(folder)
    return {
        "inputs": inputs,
        "framework": {
            "name": framework.name,
            "version": framework.version,
            "sha256": framework_fingerprint(framework),
        },
        "package": {"name": "vitality", "version": __version__, "clean_format": CLEAN_FORMAT},
    }


def _key_mark(folder: Path) -> str:
    """What tells one key for hashing from another without telling the key: a text that it signs."""
    return hmac.new(key_text(folder).encode(), b"vitality: the key of a round", hashlib.sha256).hexdigest()[:16]


def read_manifest(folder: Path) -> dict[str, Any]:
    """Give what the manifest says; empty when there is none, or it is broken."""
    try:
        content = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def manifest_text(content: dict[str, Any]) -> str:
    """Write a manifest as text; the same content gives the same bytes."""
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def differences(then: dict[str, Any], now: dict[str, Any]) -> tuple[str, ...]:
    """Name what changed between two manifests, one sentence each."""
    before, after = then.get("inputs", {}), now["inputs"]
    found = [f"{name}: new" for name in after if name not in before]
    found += [f"{name}: removed" for name in before if name not in after]
    found += [f"{name}: changed" for name in after if name in before and before[name] != after[name]]
    for key in ("framework", "package"):
        if then.get(key) != now[key]:
            old, new = then.get(key, {}), now[key]
            versions = f"{old.get('name', '?')} {old.get('version', '?')} -> {new['name']} {new['version']}"
            found.append(f"{key}: changed ({versions})")
    return tuple(sorted(found))

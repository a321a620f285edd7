"""requirements.lock and environment.yml say what pyproject.toml says."""

import importlib.util
import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def wanted():
    lines = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    return [Requirement(line) for line in lines]


def locked():
    found = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", LOCK, flags=re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(Version(version))
    return found


def test_lock_satisfies_every_requirement():
    versions = locked()
    for requirement in wanted():
        name = canonicalize_name(requirement.name)
        assert name in versions, f"{name} is not locked: run 'make lock'"
        bad = [str(v) for v in versions[name] if not requirement.specifier.contains(v, prereleases=True)]
        assert not bad, f"{name} {bad} does not fit {requirement.specifier}: run 'make lock'"


def test_lock_has_hashes_and_no_addresses():
    assert "://" not in LOCK and "--index-url" not in LOCK and "find-links" not in LOCK
    pins = re.findall(r"^[\w.-]+==.*\\$", LOCK, flags=re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[\w.-]+==", LOCK, flags=re.MULTILINE))
    assert LOCK.count("--hash=sha256:") > len(pins)


def test_environment_yml_is_derived_from_pyproject():
    spec = importlib.util.spec_from_file_location("lock", ROOT / "tools" / "lock.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert module.environment_yml() == text, "environment.yml is stale: run 'make lock'"


def test_environment_yml_names_every_requirement():
    content = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    lines = [item for item in content["dependencies"] if isinstance(item, str)]
    pip = next(item["pip"] for item in content["dependencies"] if isinstance(item, dict))
    named = {canonicalize_name(Requirement(line).name) for line in [*lines, *pip] if not line.startswith("-e")}
    assert {canonicalize_name(requirement.name) for requirement in wanted()} <= named
    assert f"python{PROJECT['project']['requires-python']}" in lines

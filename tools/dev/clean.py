"""Cleaning: what a build made goes, what a person made stays."""

import shutil

from dev.steps import ROOT, say


def clean() -> None:
    for folder in ("build", ".deps"):
        shutil.rmtree(ROOT / folder, ignore_errors=True)
    for cache in ROOT.glob("**/__pycache__"):
        shutil.rmtree(cache, ignore_errors=True)
    say("Removed build/ and .deps/. The home .weir/ and the cache of parts are untouched.")

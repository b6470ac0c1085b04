"""Makes this folder importable: `import serving` gives a test a server of its own."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "system")]

from harness.fixtures import *  # noqa: E402,F401,F403 (fixtures are found by name)

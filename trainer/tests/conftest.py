import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

# Before torch loads: test processes that share two cores must not spin while they wait.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

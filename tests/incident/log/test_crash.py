"""A process that is killed while it writes loses nothing that was answered, and the case opens again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "40"))


@pytest.mark.timeout(60 + 10 * ROUNDS)
@pytest.mark.parametrize("kept", ["folder", "server"])
def test_kill_9_at_random_moments(kept, tmp_path, request):
    script = Path(__file__).with_name("crash_rounds.py")
    seed = int(os.environ.get("CRASH_SEED", "0")) or int.from_bytes(os.urandom(4))
    rounds = ROUNDS if kept == "folder" else (ROUNDS + 1) // 2
    command = [sys.executable, str(script), str(tmp_path), str(rounds), str(seed)]
    if kept == "server":
        command.append(request.getfixturevalue("postgres_database"))
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"CRASH_SEED={seed}\n{done.stderr}"
    told = json.loads(done.stdout)
    assert told["rounds"] == rounds
    assert told["entries"] > 0
    assert set(told["answered"].values()) != {0}

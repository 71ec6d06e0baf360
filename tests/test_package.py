"""The package as others get it: built from its own source archive, installed into a fresh environment, used from a folder far from the checkout."""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
import sysconfig
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

import decision
from decision.__main__ import main
from tests.streamlit_server import ROOT, free_port, running

SCRIPT = "agent-runtime-decision"
# Streamlit reads these too; a test shell may have set them
ELSEWHERE = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "STREAMLIT_"))}


def done(*words: str | Path, where: Path = ROOT) -> str:
    """What a command prints. Fails with all that it said unless it ends well."""
    run = subprocess.run([str(word) for word in words], cwd=where, env=ELSEWHERE, capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"{words}\n{run.stdout}{run.stderr}"
    return run.stdout


@dataclass(frozen=True)
class Installed:
    """A wheel and the environment it was installed into; `far` is an empty folder to stand in."""

    wheel: Path
    far: Path
    python: Path

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The console script, from the empty folder."""
        return subprocess.run([self.script, *words], cwd=self.far, env=ELSEWHERE, capture_output=True, text=True, check=False, timeout=120)

    @property
    def script(self) -> Path:
        """Where pip put the console script."""
        return self.python.with_name(SCRIPT)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Source archive -> wheel -> environment of its own, which finds the dependencies where this one has them; all of it without the network."""
    folder = tmp_path_factory.mktemp("package")
    done(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder)
    (archive,) = folder.glob("*.tar.gz")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    done(*pip, "wheel", "-q", "--no-build-isolation", "--no-deps", "--no-index", "-w", folder, archive)
    (wheel,) = folder.glob("*.whl")
    done(sys.executable, "-m", "venv", "--without-pip", folder / "fresh")
    python = folder / "fresh" / "bin" / "python"
    site = Path(done(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (site / "dependencies.pth").write_text("\n".join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}) + "\n", encoding="utf-8")
    done(*pip, "--python", python, "install", "-q", "--no-deps", "--no-index", wheel)
    far = folder / "far"
    far.mkdir()
    return Installed(wheel, far, python)


def contents(wheel: Path) -> dict[str, str]:
    """Digest by name of every file of a wheel."""
    with zipfile.ZipFile(wheel) as opened:
        return {name: hashlib.sha256(opened.read(name)).hexdigest() for name in opened.namelist()}


def test_the_package_is_what_the_checkout_holds(installed: Installed) -> None:
    """Every file once: data/, app.py and its settings inside the package, no test, nothing that was made here."""
    inside = {
        "decision": "decision",
        "data": "decision/data",
        "app.py": "decision/page/app.py",
        ".streamlit/config.toml": "decision/page/.streamlit/config.toml",
    }
    expected = {}
    for here, there in inside.items():
        for path in (ROOT / here, *(ROOT / here).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                name = there + path.relative_to(ROOT).as_posix().removeprefix(here)
                expected[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    assert {name: digest for name, digest in contents(installed.wheel).items() if ".dist-info/" not in name} == expected


def test_a_wheel_of_the_checkout_is_the_wheel_of_its_source_archive(installed: Installed, tmp_path: Path) -> None:
    done(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    assert contents(wheel) == contents(installed.wheel)


@pytest.mark.parametrize("line", ["recommend monitoring --as-of 2026-11-20", "prices list --as-of 2026-11-20", "check-data"])
def test_an_installed_command_says_what_the_checkout_says(installed: Installed, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    run = installed(*line.split())
    assert (run.returncode, run.stderr) == (0, "")
    assert main(line.split()) == 0
    assert run.stdout == capsys.readouterr().out


def test_the_installed_package_reads_its_own_files(installed: Installed) -> None:
    program = "import decision, decision.places as p; print(decision.__file__, p.DATA, p.APP, sep='\\n')"
    paths = done(installed.python, "-c", program, where=installed.far).split()
    assert [path for path in paths if not path.startswith(str(installed.python.parents[1]))] == []
    assert all(Path(path).exists() for path in paths)


def test_a_scenario_lies_in_the_folder_one_stands_in(installed: Installed) -> None:
    (installed.far / "mine.yaml").write_text(yaml.safe_dump({"name": "Mine", "fleet": [{"agents": 3}]}), encoding="utf-8")
    assert installed("recommend", "mine.yaml").stdout.startswith("Mine ")


def test_help_and_advice_name_the_program_that_was_typed(installed: Installed) -> None:
    for words in (("--help",), ("recommend", "--help"), ("prices", "list", "--help"), ("page", "--help")):
        shown = installed(*words).stdout
        assert f"usage: {SCRIPT} " in shown
        assert f"Example: {SCRIPT} " in shown
        assert "python -m decision" not in shown
        as_module = done(installed.python, "-m", "decision", *words, where=installed.far)
        assert " ".join(as_module.replace("python -m decision", SCRIPT).split()) == " ".join(shown.split())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("recommend nowhere.yaml", "nowhere.yaml"),
        ("recommend", f"`{SCRIPT} recommend --help` shows what is accepted."),
        ("prices list zzzz", f"`{SCRIPT} prices list` shows all."),
        ("page --port 99999", '"99999" is not a port. Write a whole number from 1 to 65535'),
        ("page --port many", '"many" is not a port. Write a whole number from 1 to 65535'),
        ("page decide", '"decide" is not a setting. Write it after -- as --server.baseUrlPath=decide'),
        ("page -- --server.nothing=1", "No such option '--server.nothing'"),
    ],
)
def test_an_error_is_a_sentence(installed: Installed, line: str, said: str) -> None:
    run = installed(*line.split())
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def test_the_page_of_the_package_is_served_as_from_the_checkout(installed: Installed) -> None:
    port = free_port()
    line = [
        str(installed.script),
        "page",
        "--port",
        str(port),
        "--address",
        "127.0.0.1",
        "--",
        "--server.baseUrlPath=decide",
        "--server.headless=true",
    ]
    with running(line, f"http://127.0.0.1:{port}/decide", installed.far / "log.txt", installed.far, ELSEWHERE) as page:
        with urllib.request.urlopen(f"{page.url}/") as shell:
            assert "frame-ancestors 'self'" in shell.headers["content-security-policy"]  # of app.py
        with urllib.request.urlopen(f"{page.url}/app/static/inter.woff2") as font:  # served because .streamlit/config.toml says so
            assert font.read() == (ROOT / "decision" / "ui" / "static" / "inter.woff2").read_bytes()
    assert "Traceback" not in page.log_text()


# -- from Python ---------------------------------------------------------------------------------------


def test_every_public_name_opens_its_room_and_is_known_to_type_checkers() -> None:
    tree = ast.parse((ROOT / "decision" / "__init__.py").read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and str(node.module).startswith("decision.")]
    assert {alias.asname: node.module for node in imports for alias in node.names} == decision._HOME
    for name in decision._HOME:
        assert callable(getattr(decision, name))
    with pytest.raises(AttributeError, match="no attribute 'bills'"):
        _ = decision.bills


def test_importing_opens_no_room() -> None:
    done(sys.executable, "-c", "import sys, decision; sys.exit(' '.join(name for name in sys.modules if name.startswith('decision.')) or None)")


def test_a_type_checker_knows_what_the_installed_package_returns(installed: Installed) -> None:
    program = installed.far / "program.py"
    program.write_text(
        "from typing import assert_type\n"
        "import decision\n"
        "from decision import inputs_of, load, read_scenario, recommend\n"
        "from decision.recommendation import Recommendation\n"
        "answer = recommend(inputs_of(read_scenario('mine.yaml'), load()))\n"
        "assert_type(answer, Recommendation)\n"
        "decision.recomend\n",
        encoding="utf-8",
    )
    check = ("--strict", "--python-executable", str(installed.python), "--cache-dir", str(installed.far / "cache"))
    words = [sys.executable, "-m", "mypy", *check, "program.py"]
    run = subprocess.run(words, cwd=installed.far, env=ELSEWHERE, capture_output=True, text=True, check=False)
    error, summary = run.stdout.splitlines()
    assert error.startswith('program.py:7: error: Module has no attribute "recomend"'), run.stdout
    assert summary.startswith("Found 1 error in 1 file")

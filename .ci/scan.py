"""Scans the plugin's zip as the plugin site does on upload, and more strictly: every finding of every severity counts.

The site's checks: size, one folder, forbidden files, what metadata.txt must say, LICENSE; bandit; detect-secrets; and,
only to inform, permissions, hidden files and programs. Run it where bandit and detect-secrets are installed.
"""

import configparser
import json
import stat
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from package import write_zip

MAX_BYTES = 25_000_000
NEEDED = ("name", "description", "version", "qgisMinimumVersion", "author", "email", "about", "tracker", "repository")
FORBIDDEN_FOLDERS = {"__MACOSX", "__pycache__"}
FORBIDDEN_SUFFIXES = (".pyc", ".pyo", ".pyd", ".exe", ".dll", ".so", ".dylib", ".bat", ".sh", ".ps1", ".cmd", ".pkl")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        archive = write_zip(Path(folder) / "mmrisk.zip")
        content = Path(folder) / "content"
        with zipfile.ZipFile(archive) as files:
            files.extractall(content)
        findings = [*of_files(archive), *of_metadata(content / "mmrisk"), *of_bandit(content), *of_secrets(content)]
        count = sum(1 for file in content.rglob("*") if file.is_file())
        size = archive.stat().st_size
    print("\n".join(findings) or f"scan: {count} files, {size / 1e6:.2f} MB, nothing found")
    return 1 if findings else 0


def of_files(archive: Path) -> list:
    """Return what is wrong with the zip's size and with the names and kinds of its files."""
    findings = [] if archive.stat().st_size <= MAX_BYTES else [f"{archive.name}: more than {MAX_BYTES} bytes"]
    with zipfile.ZipFile(archive) as files:
        for entry in files.infolist():
            parts, mode = entry.filename.split("/"), entry.external_attr >> 16
            if parts[0] != "mmrisk" or ".." in parts:
                findings.append(f"{entry.filename}: is not in the folder mmrisk")
            if FORBIDDEN_FOLDERS.intersection(parts) or entry.filename.lower().endswith(FORBIDDEN_SUFFIXES):
                findings.append(f"{entry.filename}: must not be in a plugin")
            if any(part.startswith(".") for part in parts):
                findings.append(f"{entry.filename}: is hidden")
            if stat.S_ISLNK(mode) or mode & 0o111:
                findings.append(f"{entry.filename}: is a link or can be executed")
            if files.read(entry)[:4] in (b"\x7fELF", b"MZ\x90\x00", b"\xcf\xfa\xed\xfe"):
                findings.append(f"{entry.filename}: is a program")
    return findings


def of_metadata(plugin: Path) -> list:
    """Return what the plugin site asks for and does not find."""
    parser = configparser.ConfigParser()
    parser.optionxform = str
    parser.read(plugin / "metadata.txt", encoding="utf-8")
    general = parser["general"]
    findings = [f"metadata.txt: no {key}" for key in NEEDED if not general.get(key)]
    files = ("__init__.py", "LICENSE", general.get("icon", "icon.png"))
    return findings + [f"{name}: is missing" for name in files if not (plugin / name).is_file()]


def of_bandit(content: Path) -> list:
    report = json.loads(tool(["bandit", "--recursive", "--quiet", "--format", "json", "."], content))
    findings = [f"{found['filename']}: not read: {found['reason']}" for found in report["errors"]]
    for found in report["results"]:
        where = f"{found['filename']}:{found['line_number']}"
        findings.append(f"{where}: {found['test_id']} ({found['issue_severity'].lower()}) {found['issue_text']}")
    return findings


def of_secrets(content: Path) -> list:
    # The site leaves metadata.txt out, too: the packager writes a commit's hash into it.
    command = ["detect-secrets", "scan", "--all-files", "--exclude-files", r"metadata\.txt", "."]
    found = json.loads(tool(command, content))["results"]
    return [f"{file}:{one['line_number']}: {one['type']}" for file, ones in found.items() for one in ones]


def tool(command: list, folder: Path) -> str:
    program = Path(sys.executable).with_name(command[0])
    return subprocess.run([str(program), *command[1:]], cwd=folder, capture_output=True, text=True, check=False).stdout


if __name__ == "__main__":
    sys.exit(main())

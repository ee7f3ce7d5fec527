"""No secret in the repository: every file that git keeps is searched for keys, tokens and passwords."""

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

from tests.supply.locks import PROJECT

# Keys and tokens of known kinds can be told from anything else.
KNOWN_KINDS = (
    *(
        "ArtifactoryDetector",
        "AWSKeyDetector",
        "AzureStorageKeyDetector",
        "CloudantDetector",
        "DiscordBotTokenDetector",
    ),
    *(
        "GitHubTokenDetector",
        "GitLabTokenDetector",
        "IbmCloudIamDetector",
        "JwtTokenDetector",
        "MailchimpDetector",
    ),
    *(
        "NpmDetector",
        "OpenAIDetector",
        "PrivateKeyDetector",
        "PypiTokenDetector",
        "SendGridDetector",
        "SlackDetector",
    ),
    *("SquareOAuthDetector", "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector"),
)
# Outside of tests, which need passwords of people who do not exist, whatever looks like a password counts as well.
GUESSED_KINDS = ("BasicAuthDetector", "KeywordDetector", "Base64HighEntropyString", "HexHighEntropyString")

# Files of hashes that are random by nature.
HASHED = ("*.lock", "package-lock.json")
PICTURES = (".png", ".ico", ".woff2", ".xlsx", ".gz", ".zip", ".pbf")

# What looks like a secret and is none: file, the text, and what it is.
NONE_AT_ALL = {
    (".env.example", "password"): "the word, in an address that shows how to write one",
    ("api/messages/channels/smtp.py", "password"): "the word, in an address that shows how to write one",
    ("api/services/demo_people.py", "ABCDEFGHJKLMNPRSTUVWXYZ"): "the letters of invented number plates",
    ("api/services/intake.py", "ABCDEFGHJKMNPQRSTVWXYZ23456789"): "the letters of references",
}


def kept_files(project: Path = PROJECT) -> list[str]:
    """What git keeps, by its path."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=project, capture_output=True, check=True, text=True).stdout
    return sorted(path for path in listed.split("\0") if path and (project / path).is_file())


def found(paths: Iterable[str], project: Path = PROJECT) -> Iterator[str]:
    """What looks like a secret, a line for each: where and of what kind, never the secret itself."""
    for path in paths:
        if path.endswith(PICTURES):
            continue
        with transient_settings({"plugins_used": [{"name": name} for name in _kinds(path)]}):
            for each in scan_file(str(project / path)):
                if (path, each.secret_value) not in NONE_AT_ALL:
                    yield f"{path}:{each.line_number} {each.type}"


def _kinds(path: str) -> tuple[str, ...]:
    known = tuple(KNOWN_KINDS)
    if path.startswith("tests/") or any(Path(path).match(pattern) for pattern in HASHED):
        return known
    return (*known, *GUESSED_KINDS)

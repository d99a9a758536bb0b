"""The revision the program names is the last one on disk."""

from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from pos import migrations


def test_the_newest_revision_is_the_head_of_the_files() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.NEWEST

"""What every test may ask for by name; each fixture is explained where it is defined."""

pytest_plugins = ["tests.support.databases", "tests.support.demo", "tests.support.collecting"]

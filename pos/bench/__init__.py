"""Sales through the running product, beside the same statements on the bare database driver.

Above the app, because it makes shops and serves them; `pos bench` and the measurements of tests/bench use it.
"""

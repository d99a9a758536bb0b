"""How fast and how small the running product is, beside what its database alone could do. See README.md."""

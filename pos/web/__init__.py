"""Pages for people: they parse, authorise, call one operation or query, answer HTML."""

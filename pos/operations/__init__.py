"""Verbs.

One public function is one act of the business. They flush, doors commit; actor, clock and data are arguments.
"""

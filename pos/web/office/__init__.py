"""The back office: server-rendered pages for those who run the shop. They work without a script.

Each page parses, authorises, calls one operation or query, and answers: a form that was sent ends in a
redirect, or comes back with what was typed and what is wrong with it.
"""

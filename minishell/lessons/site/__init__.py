"""What Sphinx is taught for the site; conf.py, at the top of the repository, registers it.

`drawing` puts pictures into pages, `beliefs` collects what many people believe.
"""

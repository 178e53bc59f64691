"""What Sphinx is taught for the site; conf.py, at the top of the repository, registers it.

`drawing` puts pictures into pages, `beliefs` collects what many people believe, `path` finds the lessons, `taught`
joins them with the manuals, `course` is the look of it all, and a site of somebody's own lessons.
"""

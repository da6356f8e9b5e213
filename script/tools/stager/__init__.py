"""How the sleep stager is fitted and judged on labelled nights."""

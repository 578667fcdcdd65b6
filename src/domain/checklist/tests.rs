//! Checklists over the entries of a journal: what opens, ticks, unticks, decides and supersedes.

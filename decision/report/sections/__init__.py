"""One file a question: what it found, as blocks of a report. No section knows where its words are shown."""

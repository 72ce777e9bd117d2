"""How the sources over HTTP ask: politely, within limits, and without trusting what comes."""

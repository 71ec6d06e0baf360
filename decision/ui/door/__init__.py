"""The door: what stands between the network and the page, as ASGI middleware around Streamlit's own application.

    log          one line of JSON for each request and each sign-in, where the operator asks for it
    headers      security headers on every answer, `Secure` on every cookie of an https page
    hosts        refuses a Host or an Origin that is not ours, with a sentence
    compression  gzip for scripts and styles, each compressed once
    paths        an address that is no page gets 404 and a sentence
    sign_in      nobody passes without a session, where sign-in is asked for

`settings` reads what the operator says, and refuses everything in doubt; `server.py` puts the layers in order.
"""

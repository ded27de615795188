"""A mail that tries everything, and the stranger it would speak to."""

import socket
import threading


class Stranger:
    """A server on another loopback port: a tracker, a phisher, a neighbour's page."""

    def __init__(self) -> None:
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._accept, name="stranger", daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self._thread.join()


def hostile_html(to: str, own: str) -> str:
    """Return HTML that runs, loads, opens and submits, if it can; own is the page's own server."""
    return f"""<html><head>
<meta http-equiv="refresh" content="0;url={to}/refresh"><base href="{to}/base/">
<link rel="preconnect" href="{to}"><link rel="stylesheet" href="{to}/css">
<LINK rel="prefetch" href="{to}/prefetch"><link rel="dns-prefetch" href="{to}">
<script>alert(1); top.location = "{to}/script"</script><script src="{to}/js"></script>
<style>@import url({to}/import); @font-face {{ font-family: f; src: url({to}/font) }}
body {{ background: url({to}/background); font-family: f }}</style></head>
<body onload="alert(2)"><img src="{to}/pixel" onerror="alert(3)"><img src="x" onerror="alert(4)">
<svg onload="alert(5)"><script>alert(6)</script><image href="{to}/svg"/></svg>
<iframe src="{to}/frame"></iframe><iframe srcdoc="<script>parent.alert(7)</script><img src={to}/d>">
</iframe><object data="{to}/object"></object><embed src="{to}/embed">
<video src="{to}/v" poster="{to}/p"></video><audio src="{to}/a" autoplay></audio>
<form action="{to}/form" method="post"><input autofocus onfocus="alert(8)">
<button id="form">Go</button></form><form action="{own}/" method="post">
<button id="own">Go</button></form>
<a id="js" href="javascript:alert(9)">script</a>
<a id="self" target="_self" href="{to}/self">self</a>
<a id="top" target="_top" href="{to}/top">top</a>
<a id="blank" href="{to}/blank" ping="{to}/ping">blank</a>
<a id="parent" target="_parent" href="{to}/parent">parent</a>
<details open ontoggle="alert(10)"><summary>more</summary></details><p>the end</p></body></html>"""

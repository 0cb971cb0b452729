"""What of Scalekit's SDK a program calls, with the SDK's signatures. The answer tells what would have been sent."""

import base64
import json
from types import SimpleNamespace
from urllib.parse import urlencode


class ScalekitClient:
    def __init__(self, env_url: str, client_id: str, client_secret: str):
        assert env_url and client_id and client_secret
        self.actions = Actions()


class Actions:
    def get_or_create_connected_account(self, connection_name: str, identifier: str):
        status = "ACTIVE" if identifier == "user_1" else "EXPIRED"
        return SimpleNamespace(connected_account=SimpleNamespace(status=status))

    def request(
        self,
        connection_name,
        identifier,
        path,
        method="GET",
        query_params=None,
        body=None,
        form_data=None,
        raw_body=None,
        headers=None,
        **kwargs,
    ):
        files = kwargs.pop("files", None)
        assert not kwargs and path.startswith("/")
        query = urlencode(query_params or {}, doseq=True)
        sent, implied = content(body, form_data, raw_body, files)
        lower = {name.lower(): value for name, value in (headers or {}).items()}
        if implied:
            lower.setdefault("content-type", implied)
        request = {
            "method": method.upper(),
            "url": path + (("&" if "?" in path else "?") + query if query else ""),
            "headers": lower,
            "body": base64.b64encode(sent).decode(),
        }
        return SimpleNamespace(
            text=json.dumps(request), status_code=200, headers=lower, raise_for_status=lambda: None
        )

    def execute_tool(self, tool_input, tool_name, identifier, connection_name):
        call = {
            "name": tool_name,
            "connection": connection_name,
            "identifier": identifier,
            "arguments": tool_input,
        }
        return SimpleNamespace(data=json.loads(json.dumps(call)), execution_id="exec_1")


def content(body, form_data, raw_body, files):
    """As `requests` does it, and http.client, which takes text in Latin-1 alone."""
    if raw_body:
        return raw_body.encode("latin-1") if isinstance(raw_body, str) else raw_body, None
    if files:
        return multipart(files), "multipart/form-data; boundary=limit"
    if form_data:
        return urlencode(form_data, doseq=True).encode(), "application/x-www-form-urlencoded"
    if raw_body is None and body is not None:
        return json.dumps(body, ensure_ascii=False, allow_nan=False).encode(), "application/json"
    return b"", None


def multipart(files):
    out = b""
    for name, (filename, data, *rest) in files:
        file = "" if filename is None else f'; filename="{filename}"'
        kind = f"\r\nContent-Type: {rest[0]}" if rest else ""
        head = f'--limit\r\nContent-Disposition: form-data; name="{name}"{file}{kind}\r\n\r\n'
        out += head.encode() + (data.encode() if isinstance(data, str) else data) + b"\r\n"
    return out + b"--limit--\r\n"

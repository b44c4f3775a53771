"""A headless Chromium that is driven over its debugging pipe (Chrome DevTools Protocol); no other package is needed."""

import base64
import json
import os
import subprocess
import time


class Browser:
    def __init__(self, home, arguments):
        to_read, self.to_browser = os.pipe()
        self.from_browser, to_write = os.pipe()

        def pipes():
            # Chromium reads commands from 3 and writes to 4.
            first, second = os.dup(to_read), os.dup(to_write)
            os.dup2(first, 3)
            os.dup2(second, 4)

        command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
                   f"--user-data-dir={home}/profile", "--no-first-run", *arguments, "about:blank"]
        self.process = subprocess.Popen(command, env=dict(os.environ, HOME=str(home)), preexec_fn=pipes,
                                        close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        os.set_blocking(self.from_browser, False)
        self.rest, self.number, self.events = b"", 0, []

    def receive(self):
        """Takes what has come; gives answers, keeps events."""
        try:
            self.rest += os.read(self.from_browser, 1 << 20)
        except BlockingIOError:
            time.sleep(0.01)
        *messages, self.rest = self.rest.split(b"\0")
        answers = []
        for message in map(json.loads, messages):
            (answers if "id" in message else self.events).append(message)
        return answers

    def call(self, method, session=None, patience=60, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            for answer in self.receive():
                if answer["id"] == message["id"]:
                    if "error" in answer:
                        raise RuntimeError(f"{method}: {answer['error']}")
                    return answer["result"]
        raise TimeoutError(method)

    def send(self, method, session, **parameters):
        """A command whose answer nobody waits for."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")

    def settle(self, seconds, on_event=lambda event: None):
        """Lets the page do what it does for so long; gives what happened."""
        happened, deadline = [], time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.receive()
            while self.events:
                event = self.events.pop(0)
                happened.append(event)
                on_event(event)
        return happened

    def close(self):
        try:
            self.call("Browser.close", patience=5)
        except Exception:
            pass
        self.process.kill()
        self.process.wait()


class Tab:
    """A page of its own. `rewrite` changes the header fields of this server's answers before the browser sees them."""

    def __init__(self, browser, server, rewrite=None):
        self.browser, self.server, self.rewrite = browser, server, rewrite
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self.call(f"{domain}.enable")
        self.attach(self.session)
        if rewrite:
            self.call("Fetch.enable", patterns=[{"urlPattern": f"{server}/*", "requestStage": "Response"}])

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def on_event(self, event):
        method, parameters = event["method"], event.get("params", {})
        if method == "Fetch.requestPaused":
            # As if the server had answered so: a policy that is only changed on the way was heeded already.
            body = self.call("Fetch.getResponseBody", requestId=parameters["requestId"])
            text = body["body"] if body["base64Encoded"] else base64.b64encode(body["body"].encode()).decode()
            headers = self.rewrite(parameters.get("responseHeaders", []))
            self.browser.send("Fetch.fulfillRequest", self.session, requestId=parameters["requestId"],
                              responseCode=parameters.get("responseStatusCode", 200), responseHeaders=headers, body=text)
        if method == "Page.javascriptDialogOpening":
            self.browser.send("Page.handleJavaScriptDialog", event["sessionId"], accept=True)
        if method == "Target.attachedToTarget":
            # The viewer of PDFs lives in frames of its own.
            for command in ("Page.enable", "Network.enable"):
                self.browser.send(command, parameters["sessionId"])
            self.attach(parameters["sessionId"])

    def attach(self, session):
        self.browser.send("Target.setAutoAttach", session, autoAttach=True, waitForDebuggerOnStart=False, flatten=True)

    def open(self, url, seconds=2.5):
        self.browser.send("Page.navigate", self.session, url=url)
        return self.browser.settle(seconds, self.on_event)

    def settle(self, seconds=2.5):
        return self.browser.settle(seconds, self.on_event)

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, userGesture=True)
        if "exceptionDetails" in result:
            return "threw " + result["exceptionDetails"]["exception"].get("className", "?")
        return result["result"].get("value")

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def close(self):
        # A PDF's dialog holds its tab: what it would have done is known by then.
        self.browser.send("Target.closeTarget", None, targetId=self.target)

"""When a page of Streamlit has settled: the server has answered everything it was asked, and the browser has shown it all.

Streamlit's own mark, `data-test-script-state`, says that nothing runs also between a click and the moment the server hears of it, and between
the two runs of an `st.rerun()`. So the page is watched from within, from before its first script: what goes through its websocket, which of its
timers are pending, and whether anything on it still changes.
"""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import TimeoutError as TookTooLong
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_ASKED = BackMsg.DESCRIPTOR.fields_by_name["rerun_script"].number
_BEGUN = ForwardMsg.DESCRIPTOR.fields_by_name["new_session"].number
_ENDED = ForwardMsg.DESCRIPTOR.fields_by_name["script_finished"].number
_GOES_ON = ForwardMsg.ScriptFinishedStatus.Value("FINISHED_EARLY_FOR_RERUN")

_WATCH = """
(() => {
    const seen = { loaded: false, asked: false, runs: false, goesOn: false, changed: false }, timers = new Set();

    // The fields of a protobuf message: number and, of a plain number, value.
    function* fields(data) {
        const bytes = new Uint8Array(data);
        let at = 0;
        const varint = () => {
            let value = 0;
            for (let factor = 1; ; factor *= 128) {
                const byte = bytes[at++];
                value += (byte & 127) * factor;
                if (byte < 128) return value;
            }
        };
        while (at < bytes.length) {
            const tag = varint(), field = Math.floor(tag / 8), kind = tag % 8;
            if (kind === 0) yield [field, varint()];
            else {
                yield [field];
                const length = kind === 2 ? varint() : kind === 1 ? 8 : 4;
                at += length;
            }
        }
    }

    const heard = data => {
        for (const [field, value] of fields(data)) {
            if (field === BEGUN) [seen.asked, seen.runs, seen.goesOn] = [false, true, false];
            if (field === ENDED) [seen.loaded, seen.runs, seen.goesOn] = [true, false, value === GOES_ON];
        }
    };

    window.WebSocket = class extends WebSocket {
        constructor(...address) {
            super(...address);
            this.addEventListener("message", ({ data }) => { if (data instanceof ArrayBuffer) heard(data); });
        }
        send(data) {
            for (const [field] of typeof data === "string" ? [] : fields(data)) if (field === ASKED) seen.asked = true;
            super.send(data);
        }
    };

    // Short timers only: one of a second and more waits for something to go wrong.
    const { setTimeout, clearTimeout } = window;
    window.setTimeout = (act, delay, ...more) => {
        if (typeof act !== "function" || delay >= 1000) return setTimeout(act, delay, ...more);
        const timer = setTimeout(() => {
            timers.delete(timer);
            act(...more);
        }, delay);
        timers.add(timer);
        return timer;
    };
    window.clearTimeout = timer => {
        timers.delete(timer);
        clearTimeout(timer);
    };

    const ends = animation => animation.playState === "running" && animation.effect?.getComputedTiming().endTime !== Infinity;
    const pending = () => Object.entries({
        "no run has ended": !seen.loaded,
        "the server has not answered": seen.asked,
        "the server runs": seen.runs || seen.goesOn,
        "a timer is set": timers.size > 0,
        "the script runs, or the connection is down":
            !document.querySelector('[data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'),
        "something is stale": document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]'),
        "something moves": document.getAnimations().some(ends),
        "something changes": seen.changed,
    }).filter(([, holds]) => holds).map(([what]) => what);

    // Settled is what has nothing pending when the browser has nothing to do, twice in a row.
    new MutationObserver(() => { seen.changed = true; }).observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
    let rests = 0, looks = false;
    window.pending = pending;
    window.hasSettled = () => {
        if (rests >= 2 && !pending().length) {
            rests = 0;
            return true;
        }
        if (!looks) {
            looks = true;
            requestIdleCallback(() => {
                looks = false;
                rests = pending().length ? 0 : rests + 1;
                seen.changed = false;
            });
        }
        return false;
    };
})();
"""
_WATCH = _WATCH.replace("ASKED", str(_ASKED)).replace("BEGUN", str(_BEGUN)).replace("ENDED", str(_ENDED)).replace("GOES_ON", str(_GOES_ON))


def watch(context: BrowserContext) -> None:
    """Watch every page that is opened in this context from now on."""
    context.add_init_script(_WATCH)


def settled(page: Page) -> None:
    """Wait until all that was done to the page so far is answered by the server and stands on the page, and the address says it too."""
    try:
        page.wait_for_function("() => window.hasSettled?.()")
    except TookTooLong as error:
        raise AssertionError(f"the page does not settle: {page.evaluate('window.pending?.()')}") from error

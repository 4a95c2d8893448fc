"""What stands in every page before Streamlit's own script: one tap counts once, and a lost connection shows at once.

app.py gives it to the gate. The words are in the page, drawn unseen by whoever has a place for them; here is only when they show.
"""

from __future__ import annotations

from views.together import TAKES_PACKS

ONE_TAP = """(() => {
    const again = '.st-key-undo, .st-key-run_again, [class*="st-key-less_"], [class*="st-key-more_"]';
    const root = document.documentElement;
    const running = () => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState !== 'notRunning';
    let last, at = -HOLD, timer;
    const free = () => {
        if (running() && performance.now() - at < 5000) timer = setTimeout(free, 50);
        else document.querySelectorAll('[data-just-tapped]').forEach(one => one.removeAttribute('data-just-tapped'));
    };
    window.addEventListener('click', tap => {
        const button = tap.target.closest?.('.stButton button, .stFormSubmitButton button');
        if (!button || button.closest(again)) return;
        const place = button.closest('[class*="st-key-"]') ?? button;
        const key = [...place.classList].find(name => name.startsWith('st-key-'));
        const now = performance.now();
        if (tap.isTrusted && key === last && now - at < HOLD) {
            tap.preventDefault();
            tap.stopImmediatePropagation();
            return;
        }
        [last, at] = [key, now];
        button.setAttribute('data-just-tapped', '');
        clearTimeout(timer);
        timer = setTimeout(free, HOLD);
    }, true);
    let shown;
    window.medspaShown = () => {
        root.classList.add('medspa-unread');
        clearTimeout(shown);
        shown = setTimeout(() => root.classList.remove('medspa-unread'), HOLD);
    };
})()""".replace("HOLD", "500")
"""The second tap of a double tap does nothing. A button that was tapped takes no other tap for half a second, nor until what it
asked for is done; those of which both taps are meant (less, more, undo) do. And what has just appeared under the finger
(`medspaShown`, from the scripts of a consultation) takes none for half a second either: nobody has read it. It is theme.css
that lets no tap through."""

NOT_CONNECTED = """(() => {
    let was = false;
    const look = () => {
        const state = document.querySelector('[data-testid="stApp"]')?.dataset.testConnectionState;
        was ||= state === 'CONNECTED';
        const away = was && (state !== 'CONNECTED' || !navigator.onLine);
        document.documentElement.classList.toggle('medspa-away', away);
    };
    new MutationObserver(look).observe(document, {
        subtree: true, attributes: true, attributeFilter: ['data-test-connection-state']
    });
    window.addEventListener('offline', look);
    window.addEventListener('online', look);
})()"""
"""The page says that it is not connected as soon as the browser knows, and no longer once it is."""

AT_THE_ROOT = "window.__streamlit = {BACKEND_BASE_URL: window.location.origin}"
"""Where the server is: else a page that is opened by its own address asks for it below that address first, and is told 404."""

FIRST = ";\n".join((AT_THE_ROOT, TAKES_PACKS, ONE_TAP, NOT_CONNECTED))

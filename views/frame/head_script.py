"""What stands in every page before Streamlit's own script: one tap counts once, what it led to is said beside it, and a
lost connection shows at once.

app.py gives it to the gate. The words are in the page, drawn unseen by whoever has a place for them; here is only when they show.
"""

from __future__ import annotations

from views.streamlit_patches.message_batching import TAKES_PACKS

ONE_TAP = """(() => {
    const again = '.st-key-undo, .st-key-run_again, [class*="st-key-less_"], [class*="st-key-more_"]';
    const root = document.documentElement;
    const running = () => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState !== 'notRunning';
    const fresh = '[data-testid="stMain"], [data-testid="stBottom"]';
    const ways = '[role="radiogroup"], [data-testid="stButtonGroup"], ' +
        '.st-key-bottombar button, [class*="st-key-card_"] .stButton button';
    let last, at = -HOLD, timer, answered, answeredAt = -HOLD, read = 0;
    const stop = tap => { tap.preventDefault(); tap.stopImmediatePropagation(); };
    const placeOf = one => [...(one.closest('[class*="st-key-"]') ?? one).classList].find(name => name.startsWith('st-key-'));
    const free = () => {
        if (running() && performance.now() - at < 5000) timer = setTimeout(free, 50);
        else document.querySelectorAll('[data-just-tapped]').forEach(one => one.removeAttribute('data-just-tapped'));
    };
    const chosenOnce = (answer, when) => {
        const named = `${placeOf(answer)} ${answer.textContent}`;
        if (named === answered && when - answeredAt < HOLD) return false;
        [answered, answeredAt] = [named, when];
        answer.setAttribute('data-just-tapped', '');
        setTimeout(() => answer.removeAttribute('data-just-tapped'), HOLD);
        return true;
    };
    window.addEventListener('click', tap => {
        const answer = tap.target.closest?.('[data-testid="stButtonGroup"] :is([role="radio"], [role="checkbox"], button)');
        const finger = tap.isTrusted && tap.detail > 0;
        if (finger && tap.timeStamp < read && tap.target.closest?.(ways)?.closest(fresh)) return stop(tap);
        if (answer && finger && !chosenOnce(answer, tap.timeStamp)) return stop(tap);
        const button = tap.target.closest?.('.stButton button, .stFormSubmitButton button');
        if (!button || button.closest(again)) return;
        const key = placeOf(button), now = tap.timeStamp;
        if (tap.isTrusted && key === last && now - at < HOLD) return stop(tap);
        [last, at] = [key, now];
        button.setAttribute('data-just-tapped', '');
        clearTimeout(timer);
        timer = setTimeout(free, HOLD);
    }, true);
    let shown;
    window.medspaShown = () => {
        read = performance.now() + HOLD;
        root.classList.add('medspa-unread');
        clearTimeout(shown);
        shown = setTimeout(() => root.classList.remove('medspa-unread'), HOLD);
    };
})()""".replace("HOLD", "500")
"""The second tap of a double tap does nothing. A button that was tapped takes no other tap for half a second, nor until what it
asked for is done; those of which both taps are meant (less, more, undo) do. And what has just appeared under the finger
(`medspaShown`, from the scripts of a consultation) takes none for half a second either: nobody has read it. An answer takes no
second tap so soon: it would be taken back by the finger that chose it. It is theme.css that lets no tap through; and as a busy
tablet hands a tap on late, the time of the finger is looked at too (`timeStamp`), not only when it arrives."""

PRINTED = """(() => {
    document.addEventListener('click', tap => { if (tap.target.closest?.('.mc-print')) window.print(); });
    window.addEventListener('beforeprint', () => document.querySelectorAll('.js-plotly-plot .svg-container').forEach(box => {
        const [width, height] = [box.clientWidth, box.clientHeight];
        if (!width || box.style.getPropertyValue('--whole')) return;
        box.style.setProperty('--whole', `${width} / ${height}`);
        box.querySelectorAll('.main-svg').forEach(svg => svg.setAttribute('viewBox', `0 0 ${width} ${height}`));
    }));
    window.addEventListener('afterprint', () => document.querySelectorAll('.js-plotly-plot .svg-container').forEach(box => {
        box.style.removeProperty('--whole');
        box.querySelectorAll('.main-svg').forEach(svg => svg.removeAttribute('viewBox'));
    }));
})()"""
"""A button of class `mc-print` prints the page. A manager's chart is as wide as the screen was: on paper it is made to fit."""

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

BESIDE = """(() => {
    let tapped, key, asked, dismissed, shown, here, after;
    const told = () => document.querySelector('.mc-told');
    const button = () => (tapped?.isConnected ? tapped : key && document.querySelector(`.${key} :is(button, a)`)) || null;
    const inARow = box => {
        const look = getComputedStyle(box);
        return look.display.endsWith('grid') || (look.display.endsWith('flex') && look.flexDirection.startsWith('row'));
    };
    const spot = by => {
        let box = by.closest('[data-testid="stElementContainer"]') ?? by;
        while (box.parentElement && inARow(box.parentElement)) box = box.parentElement;
        return box;
    };
    const gone = () => { here?.remove(); here = after = undefined; };
    const lost = () => here && !(here.isConnected && after.isConnected);
    const place = () => {
        asked = undefined;
        const words = told(), by = button();
        if (lost()) { gone(); shown = undefined; }
        if (!words || words === dismissed || words === shown) return;
        shown = words;
        words.hidden = false;
        if (!by?.getClientRects().length || by.closest('.st-key-topbar')) return words.scrollIntoView({block: 'nearest'});
        gone();
        after = spot(by);
        here = words.cloneNode(true);
        here.classList.replace('mc-told', 'mc-told-here');
        words.hidden = true;
        if (by.closest('[data-testid="stBottom"]')) after.before(here);
        else after.after(here);
        here.scrollIntoView({block: 'nearest'});
    };
    const soon = () => { asked ??= requestAnimationFrame(place); };
    const act = () => {
        gone();
        dismissed = told();
        if (dismissed) dismissed.hidden = true;
    };
    window.addEventListener('click', tap => {
        const way = tap.target.closest?.('button, a, [role=radio]');
        if (!way) return;
        act();
        tapped = way;
        key = [...(way.closest('[class*="st-key-"]')?.classList ?? [])].find(name => name.startsWith('st-key-'));
    }, true);
    window.addEventListener('keydown', pressed => {
        if (pressed.key === 'Enter' && pressed.target.matches?.('form input, [data-testid="stForm"] input')) act();
    }, true);
    new MutationObserver(() => {
        if ((told() && told() !== shown) || lost()) soon();
    }).observe(document, {subtree: true, childList: true});
})()"""
"""What a tap led to is said at what was tapped, on every page and wherever the page was scrolled to. The words (`mc-told`,
views.elements.draw.told) are drawn in a place of the page; they are shown once more under the row of the button, in the flow
of the page, so that they cover nothing. There they stay until the next act, a tap on a way or Enter in a form, whatever the page
draws meanwhile; a tap into a field, to mend what they are about, leaves them. Where the button is gone they stay where they
are drawn."""

AT_THE_ROOT = "window.__streamlit = {BACKEND_BASE_URL: window.location.origin}"
"""Where the server is: else a page that is opened by its own address asks for it below that address first, and is told 404."""

NEVER_EMPTY = """(() => {
    const app = () => document.querySelector('[data-testid="stApp"]')?.dataset;
    const words = '[data-testid="stMain"] :is(h1, h2, p, a, button)';
    const shown = () => [...document.querySelectorAll(words)].some(one => one.checkVisibility());
    const done = () => !app() || (app().testConnectionState === 'CONNECTED' && app().testScriptState === 'notRunning');
    let was = false, empty = 0;
    setInterval(() => {
        const there = shown();
        was ||= there;
        empty = was && !there && done() && navigator.onLine ? empty + 1 : 0;
        if (empty === 3) location.reload();
    }, 1000);
})()"""
"""A page that showed something and has had nothing to show for three seconds, connected and with no run under way, loads itself
again. None should come to that; a client who looks at a white page can do nothing about it."""

FIRST = ";\n".join((AT_THE_ROOT, TAKES_PACKS, ONE_TAP, NOT_CONNECTED, BESIDE, PRINTED, NEVER_EMPTY))

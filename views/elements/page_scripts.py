"""Scripts inside a page, each of one fixed text: what a tap does where Streamlit alone would lose it."""

from __future__ import annotations

WAYS = ("main_next", "back", "close", "why_button", "answer_next", "behind")
"""The keys of the buttons, or of what they stand in, that lead from a screen of a consultation to another page."""

INSIDE = """(() => {
    if (window.medspaInside) return;
    window.medspaInside = true;
    document.addEventListener('click', tap => {
        const link = tap.target.closest?.('a[data-inside]');
        if (!link || tap.defaultPrevented || tap.button || tap.ctrlKey || tap.metaKey || tap.shiftKey || tap.altKey) return;
        if (document.querySelector('[data-testid="stApp"]').dataset.testConnectionState !== 'CONNECTED') return;
        tap.preventDefault();
        history.pushState({}, '', link.href);
        window.dispatchEvent(new PopStateEvent('popstate'));
    });
})()"""
"""A link marked `data-inside` opens its page in the same session, as the browser's own back button would. Without this
script, or in a new tab, it is an ordinary address."""

HOLD_BUTTONS = """(() => {
    if (window.medspaHolds) return;
    window.medspaHolds = true;
    const app = () => document.querySelector('[data-testid="stApp"]').dataset;
    const run = () => document.querySelector('[data-drawn]')?.dataset.drawn;
    const here = () => document.querySelector('.st-key-run_again');
    const whole = () => !here() || (run() && run() !== before);
    let before, back, watch;
    const release = () => {
        clearInterval(watch);
        before = back = undefined;
        document.documentElement.classList.remove('medspa-held');
    };
    const hold = () => {
        before = run() ?? '';
        document.documentElement.classList.add('medspa-held');
        watch = setInterval(look, 50);
    };
    const look = () => {
        const away = app().testConnectionState !== 'CONNECTED';
        if (before === undefined && away && here()) hold();
        else if (before === undefined) return;
        else if (away) back = undefined;
        else if (app().testScriptState === 'notRunning' && whole()) release();
        else if (Date.now() - (back ??= Date.now()) > 10000) release();
    };
    new MutationObserver(look).observe(document.body, {
        subtree: true, attributes: true, attributeFilter: ['data-test-connection-state', 'data-test-script-state']
    });
    window.addEventListener('click', tap => {
        const button = tap.target.closest?.('.stButton, .stFormSubmitButton, a[data-inside]');
        if (before === undefined || !button || button.closest('.st-key-run_again')) return;
        tap.preventDefault();
        tap.stopImmediatePropagation();
    }, true);
})()"""
"""A button's tap is only a message: while the server is gone, and until it has drawn the page once more to its end (its last
has another `data-drawn` each time), it would be lost: a part that is not drawn yet hears no tap. So buttons take
none then, nor do links inside the session, which would leave the page for nothing; and they look it. Answers that are chosen
(pills, fields) stay in the browser and are kept."""

LEAVE = """(() => {
    if (window.medspaLeaves) return;
    window.medspaLeaves = true;
    const ways = 'WAYS';
    const app = () => document.querySelector('[data-testid="stApp"]').dataset;
    const drawn = () => document.querySelector('.st-key-run_again button')?.textContent;
    let before, since, watch;
    const look = () => {
        const gone = drawn() !== before || app().testConnectionState !== 'CONNECTED';
        if (!gone && Date.now() - since < 5000) return;
        clearInterval(watch);
        before = undefined;
    };
    window.addEventListener('click', tap => {
        if (before !== undefined) look();
        if (before === undefined) return;
        tap.preventDefault();
        tap.stopImmediatePropagation();
    }, true);
    window.addEventListener('click', tap => {
        const way = tap.target.closest?.(ways);
        if (!way || way.disabled || (way.dataset.inside && !tap.defaultPrevented)) return;
        [before, since] = [drawn(), Date.now()];
        if (before !== undefined) watch = setInterval(look, 20);
    });
})()""".replace("WAYS", ", ".join(f".st-key-{key} button" for key in WAYS) + ", a[data-inside]")
"""From the tap that leaves a screen until it is gone, nothing else on it is tapped: what was chosen there in that moment would
look chosen, leave with the screen and not be saved. And a second tap on *Next* does not skip a screen."""

GO_AHEAD = """(() => {
    if (window.medspaAhead) return;
    window.medspaAhead = true;
    const said = () => Number(document.querySelector('[data-turn]')?.dataset.turn);
    let late, now;
    window.medspaTurn = turn => {
        clearTimeout(late);
        if (turn !== now) window.medspaShown();
        now = turn;
        document.documentElement.classList.toggle('medspa-turn-0', turn === 0);
        document.documentElement.classList.toggle('medspa-turn-1', turn === 1);
    };
    window.addEventListener('click', tap => {
        const answer = tap.target.closest?.(`.st-key-single_${said()} [role=radio]`);
        if (!answer || answer.getAttribute('aria-checked') === 'true') return;
        if (!document.querySelector(`.st-key-single_${1 - said()} [role=radio]`)) return;
        if (document.querySelector('[data-testid="stApp"]').dataset.testConnectionState !== 'CONNECTED') return;
        window.medspaTurn(1 - said());
        late = setTimeout(() => window.medspaTurn(said()), 5000);
    }, true);
})()"""
"""The answer to a single safety question shows the next one at the tap: it lies ready in the page, in the other of two places.
Whose turn it is the server says in its heading (`data-turn`); if it says nothing for five seconds, its last word counts again."""

TYPED = """(() => {
    if (window.medspaTyped) return;
    window.medspaTyped = true;
    const field = '[class*="st-key-field_"] input';
    const ways = 'a[href], .stButton button, .stFormSubmitButton button';
    const app = () => document.querySelector('[data-testid="stApp"]').dataset;
    let left = -1000;
    window.addEventListener('keydown', key => {
        if (key.key !== 'Enter' || !key.target.closest?.(field)) return;
        key.target.blur();
    }, true);
    let entered, before;
    window.addEventListener('focusin', is => {
        entered = is.target.closest?.(field);
        if (entered) before = entered.value;
        if (entered?.closest('[class*="st-key-bar_number_"]')) entered.inputMode = 'numeric';
    }, true);
    window.addEventListener('click', tap => {
        if (tap.target === entered && entered?.select) entered.select();
        entered = undefined;
    }, true);
    window.addEventListener('focusout', was => {
        if (!was.target.closest?.(field) || was.target.value === before) return;
        left = performance.now();
    }, true);
    window.addEventListener('click', tap => {
        const way = tap.target.closest?.(ways);
        if (!tap.isTrusted || !way || tap.timeStamp - left > 300) return;  // of the finger, not of the busy page
        tap.preventDefault();
        tap.stopImmediatePropagation();
        const box = [...(way.closest('[class*="st-key-"]')?.classList ?? [])].find(name => name.startsWith('st-key-'));
        const place = way.matches('a') ? `a[href="${CSS.escape(way.getAttribute('href'))}"]` : `.${box} button`;
        const since = performance.now();
        let begun = false;
        const tapped = () => {
            const runs = app().testScriptState !== 'notRunning', waited = performance.now() - since;
            begun ||= runs;
            if ((runs || (!begun && waited < 600)) && waited < 5000) setTimeout(tapped, 10);
            else (way.isConnected ? way : document.querySelector(place))?.click();
        };
        tapped();
    }, true);
})()"""
"""What was typed is sent when its field is left. Enter leaves it too, as a tap beside it would: a tablet's keyboard would go on
covering the page.

A finger leaves the field and taps in the same moment. Streamlit then puts both in one message, in which a button is not heard, or
opens the next page first, which leaves the number behind. So that tap comes once the run that saves has begun (a busy server
needs a moment) and is over: one tap, one effect,
nothing lost, and what that run draws finds its page. When a finger tapped says the tap itself (`timeStamp`): a busy page may
hear of it only much later.

The tap that enters a field selects all that is in it: what is typed next takes its place."""

AT_ONCE = """(() => {
    if (window.medspaAtOnce) return;
    window.medspaAtOnce = true;
    const narrow = matchMedia('(max-width: 900px)');
    const small = matchMedia('(max-width: 560px)');
    const shown = place => !place.dataset.shape || (place.dataset.shape === 'port') === narrow.matches;
    const read = text => {
        const told = new DOMParser().parseFromString(text, 'application/xhtml+xml');
        return told.querySelector('parsererror') ? null : document.importNode(told.documentElement, true);
    };
    const draw = place => {
        const drawn = read(place.textContent);
        if (!drawn) return;
        place.replaceChildren(drawn);
        place.removeAttribute('data-undrawn');
        if (small.matches && drawn.localName === 'svg') place.parentElement.tabIndex = 0;
    };
    const change = (was, now) => {
        if (was.isEqualNode(now)) return;
        const alike = was.nodeType === 1 && was.nodeName === now.nodeName && was.childNodes.length === now.childNodes.length;
        if (!alike) return was.replaceWith(now);
        [...was.attributes].filter(one => !now.hasAttribute(one.name)).forEach(one => was.removeAttribute(one.name));
        [...now.attributes].filter(one => was.getAttribute(one.name) !== one.value)
            .forEach(one => was.setAttribute(one.name, one.value));
        const next = [...now.childNodes];
        [...was.childNodes].forEach((one, number) => change(one, next[number]));
    };
    const renew = place => {
        const kept = document.querySelector(`[data-kept="${place.dataset.into}"]`);
        const now = kept && read(place.textContent);
        if (!now) return;
        if (kept.firstChild) change(kept.firstChild, now);
        else kept.replaceChildren(now);
        place.removeAttribute('data-changed');
    };
    let at = '', turn, alone = false;
    const begin = () => {
        const now = [...document.querySelectorAll('[data-place]')].map(one => one.dataset.place).join();
        const said = document.querySelector('[data-turn]')?.dataset.turn;
        const elsewhere = now && now !== at;
        const single = Boolean(document.querySelector('[class*="st-key-single_"]'));
        if (said && (elsewhere || said !== turn)) window.medspaTurn(Number(said));
        turn = said;
        if (!elsewhere) return;
        if (!single || !alone) window.medspaShown();  // of single questions the turn says which is shown
        alone = single;
        requestAnimationFrame(() => document.querySelector('[data-testid="stMain"]').scrollTo(0, 0));
        at = now;
    };
    const look = () => {
        [...document.querySelectorAll('[data-undrawn]')].filter(shown).forEach(draw);
        document.querySelectorAll('[data-changed]').forEach(renew);
        begin();
    };
    new MutationObserver(look).observe(document.body, {
        subtree: true, childList: true, attributes: true, attributeFilter: ['data-place']
    });
    narrow.addEventListener('change', look);
    window.addEventListener('beforeprint', () => document.querySelectorAll('[data-undrawn]').forEach(draw));
    look();
})()"""
"""What is done when the page has changed and before the browser paints it.

A picture comes as the text of its SVG and is put in place as it is: React knows nothing of its marks. Of a chart in two shapes
only the one that is shown is drawn, the other when the tablet is turned or the page printed; where it is wider than its card,
keys can move it. Of a large piece of HTML that a tap changes little (views.elements.draw.kept) only what is another than
before is changed, where Streamlit's own way is to sift the whole of it and to make it anew.

And a screen or a card that was not shown before (`data-place` says which it is) begins at its top: just before the paint, for to
scroll is to lay out the page, which would be done twice."""

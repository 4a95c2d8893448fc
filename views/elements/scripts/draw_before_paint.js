// What is done when the page has changed and before the browser paints it.
//
// A picture comes as the text of its SVG and is put in place as it is: React knows nothing of its marks. Of a chart in two
// shapes only the one that is shown is drawn, the other when the tablet is turned or the page printed; where it is wider than
// its card, keys can move it. Of a large piece of HTML that a tap changes little (views.elements.draw.kept) only what is
// another than before is changed, where Streamlit's own way is to sift the whole of it and to make it anew.
//
// And a screen or a card that was not shown before (`data-place` says which it is) begins at its top: just before the paint,
// for to scroll is to lay out the page, which would be done twice.
(() => {
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
})()

// What a tap led to is said at what was tapped, on every page and wherever the page was scrolled to. The words (`mc-told`,
// views.elements.draw.told) are drawn in a place of the page; they are shown once more under the row of the button, in the
// flow of the page, so that they cover nothing. There they stay until the next act, a tap on a way or Enter in a form,
// whatever the page draws meanwhile; a tap into a field, to mend what they are about, leaves them. Where the button is gone
// they stay where they are drawn. What stands there for a longer look (`data-in-view`) is brought into view once.
(() => {
    let tapped, key, asked, dismissed, shown, here, after, seen;
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
    const bring = () => {
        const box = document.querySelector('[data-in-view]');
        if (box && box !== seen) requestAnimationFrame(() => box.scrollIntoView({block: 'nearest'}));
        seen = box;
    };
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
        bring();
        if ((told() && told() !== shown) || lost()) soon();
    }).observe(document, {subtree: true, childList: true});
})()

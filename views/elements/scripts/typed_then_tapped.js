// What was typed is sent when its field is left. Enter leaves it too, as a tap beside it would: a tablet's keyboard would go
// on covering the page.
//
// A finger leaves the field and taps in the same moment. Streamlit then puts both in one message, in which a button is not
// heard, or opens the next page first, which leaves the number behind. So that tap comes once the run that saves has begun (a
// busy server needs a moment) and is over: one tap, one effect, nothing lost, and what that run draws finds its page. When a
// finger tapped says the tap itself (`timeStamp`): a busy page may hear of it only much later.
//
// The tap that enters a field selects all that is in it: what is typed next takes its place.
(() => {
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
})()

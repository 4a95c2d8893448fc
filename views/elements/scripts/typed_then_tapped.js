// What was typed is sent when its field is left. Enter leaves it too, as a tap beside it would: a tablet's keyboard would go
// on covering the page.
//
// A finger leaves the field and taps in the same moment. Streamlit then puts both in one message, in which a button is not
// heard, or opens the next page first, which leaves the number behind. So that tap comes once the server has acknowledged what
// was typed (behind each field stands how often it was heard of, unseen) and the run that does is over: one tap, one effect,
// nothing lost however busy the server is, and what that run draws finds its page.
//
// The tap that enters a field selects all that is in it: what is typed next takes its place.
(() => {
    if (window.medspaTyped) return;
    window.medspaTyped = true;
    const box = '[class*="st-key-field_"]', field = `${box} input`, typedIn = `${box} :is(input, textarea)`;
    const ways = 'a[href], .stButton button, .stFormSubmitButton button';
    const app = () => document.querySelector('[data-testid="stApp"]').dataset;
    const LONGEST = 5000;  // milliseconds
    const keyOf = one => [...one.closest(box).classList].find(name => name.startsWith('st-key-')).slice('st-key-'.length);
    const heard = key => document.querySelector(`.mc-heard[data-field="${CSS.escape(key)}"]`)?.dataset.heard;
    let typed;  // the field that was left with something else in it, how often it was heard of by then, and when
    const waits = () => typed && heard(typed.key) === typed.heard && performance.now() - typed.at < LONGEST;
    window.addEventListener('keydown', key => {
        if (key.key !== 'Enter' || !key.target.closest?.(field)) return;
        key.target.blur();
    }, true);
    let entered, before;
    window.addEventListener('focusin', is => {
        if (is.target.closest?.(typedIn)) before = is.target.value;
        entered = is.target.closest?.(field);
        if (entered?.closest('[class*="st-key-bar_number_"]')) entered.inputMode = 'numeric';
    }, true);
    window.addEventListener('click', tap => {
        if (tap.target === entered && entered?.select) entered.select();
        entered = undefined;
    }, true);
    window.addEventListener('focusout', was => {
        if (!was.target.closest?.(typedIn) || was.target.value === before) return;
        const key = keyOf(was.target);
        typed = {key, heard: heard(key), at: performance.now()};
    }, true);
    window.addEventListener('click', tap => {
        const way = tap.target.closest?.(ways);
        if (!tap.isTrusted || !way || !waits()) return;
        tap.preventDefault();
        tap.stopImmediatePropagation();
        const place = way.matches('a') ? `a[href="${CSS.escape(way.getAttribute('href'))}"]` :
            `.${[...(way.closest('[class*="st-key-"]')?.classList ?? [])].find(name => name.startsWith('st-key-'))} button`;
        const tapped = () => {
            const runs = app().testScriptState !== 'notRunning' && performance.now() - typed.at < LONGEST;
            if (runs || waits()) setTimeout(tapped, 10);
            else (way.isConnected ? way : document.querySelector(place))?.click();
        };
        tapped();
    }, true);
})()

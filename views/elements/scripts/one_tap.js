// The second tap of a double tap does nothing. A button that was tapped takes no other tap for half a second, nor until what
// it asked for is done; those of which both taps are meant (less, more, undo) do. And what has just appeared under the finger
// (`medspaShown`, from the scripts of a consultation) takes none for half a second either: nobody has read it. An answer takes
// no second tap so soon: it would be taken back by the finger that chose it. It is theme.css that lets no tap through; and as
// a busy tablet hands a tap on late, the time of the finger is looked at too (`timeStamp`), not only when it arrives.
(() => {
    const HOLD = 500;  // milliseconds
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
})()

// The second tap of a double tap does nothing. A button that was tapped takes no other tap for half a second, nor until what
// it asked for is done; those of which both taps are meant (less, more, undo) do. And what has just appeared under the finger
// (`medspaShown`, from the scripts of a consultation) takes none for half a second either: nobody has read it. An answer takes
// no second tap so soon: it would be taken back by the finger that chose it. It is theme.css that lets no tap through; and as
// a busy tablet hands a tap on late, what counts is when the finger came down, not when its tap arrives, nor when a busy page
// heard that the finger was lifted.
//
// An answer hears the finger before its click, and 80 ms after one that was kept from it makes a click itself (React Aria's
// press): so a finger that comes too soon is kept from it too, and so is that click.
(() => {
    const HOLD = 500;  // milliseconds
    const again = '.st-key-undo, .st-key-run_again, [class*="st-key-less_"], [class*="st-key-more_"]';
    const root = document.documentElement;
    const running = () => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState !== 'notRunning';
    const fresh = '[data-testid="stMain"], [data-testid="stBottom"]';
    const ways = '[role="radiogroup"], [data-testid="stButtonGroup"], ' +
        '.st-key-bottombar button, [class*="st-key-card_"] .stButton button';
    let last, at = -HOLD, timer, answered, answeredAt = -HOLD, read = 0, down, kept, keptAt = -HOLD;
    const pressed = one => one.closest?.('button, a, [role="radio"], [role="checkbox"]') ?? one;
    const stop = tap => {
        [kept, keptAt] = [pressed(tap.target), performance.now()];
        tap.preventDefault();
        tap.stopImmediatePropagation();
    };
    const placeOf = one => [...(one.closest('[class*="st-key-"]') ?? one).classList].find(name => name.startsWith('st-key-'));
    const free = () => {
        if (running() && performance.now() - at < 5000) timer = setTimeout(free, 50);
        else document.querySelectorAll('[data-just-tapped]').forEach(one => one.removeAttribute('data-just-tapped'));
    };
    const answerAt = one => one.closest?.('[data-testid="stButtonGroup"] :is([role="radio"], [role="checkbox"], button)');
    const nameOf = answer => `${placeOf(answer)} ${answer.textContent}`;
    const tooSoon = (one, when) => {
        const answer = answerAt(one), again = answer && nameOf(answer) === answered && when - answeredAt < HOLD;
        return again || (when < read && one.closest?.(ways)?.closest(fresh));
    };
    const chosen = (answer, when) => {
        [answered, answeredAt] = [nameOf(answer), when];
        answer.setAttribute('data-just-tapped', '');
        setTimeout(() => answer.removeAttribute('data-just-tapped'), HOLD);
    };
    window.addEventListener('pointerdown', finger => {
        down = finger.timeStamp;
        if (tooSoon(finger.target, down)) finger.stopImmediatePropagation();
    }, true);
    window.addEventListener('pointercancel', () => { down = undefined; }, true);
    window.addEventListener('click', tap => {
        const finger = tap.isTrusted && tap.detail > 0, answer = answerAt(tap.target);
        const when = (finger && down) || tap.timeStamp;  // a screen reader's tap has no finger
        if (tap.isTrusted) down = undefined;
        else if (pressed(tap.target) === kept && performance.now() - keptAt < HOLD) return stop(tap);
        if (finger && tooSoon(tap.target, when)) return stop(tap);
        if (finger && answer) chosen(answer, when);
        const button = tap.target.closest?.('.stButton button, .stFormSubmitButton button');
        if (!button || button.closest(again)) return;
        const key = placeOf(button);
        if (tap.isTrusted && key === last && when - at < HOLD) return stop(tap);
        [last, at] = [key, when];
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

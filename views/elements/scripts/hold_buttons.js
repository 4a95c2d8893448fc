// A button's tap is only a message: while the server is gone, and until it has drawn the page once more to its end (its last
// has another `data-drawn` each time), it would be lost: a part that is not drawn yet hears no tap. So buttons take none then,
// nor do links inside the session, which would leave the page for nothing; and they look it. Answers that are chosen (pills,
// fields) stay in the browser and are kept.
(() => {
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
})()

// From the tap that leaves a screen until it is gone, nothing else on it is tapped: what was chosen there in that moment would
// look chosen, leave with the screen and not be saved. And a second tap on *Next* does not skip a screen.
(() => {
    if (window.medspaLeaves) return;
    window.medspaLeaves = true;
    // what leads from a screen of a consultation to another page
    const buttons = ['main_next', 'back', 'close', 'why_button', 'answer_next', 'behind'];
    const ways = [...buttons.map(key => `.st-key-${key} button`), 'a[data-inside]'].join();
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
})()

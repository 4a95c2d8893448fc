// The answer to a single safety question shows the next one at the tap: it lies ready in the page, in the other of two places.
// Whose turn it is the server says in its heading (`data-turn`); if it says nothing for five seconds, its last word counts
// again.
(() => {
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
})()

// A page that showed something and has had nothing to show for three seconds, connected and with no run under way, loads
// itself again, if the server answers. None should come to that; a client who looks at a white page can do nothing about it.
// Where that does not help it stops after two within a minute: a page that loads itself for ever is worse than a white one.
(() => {
    const MOST = 2, WITHIN = 60000;  // milliseconds
    const KEPT = 'medspa-loaded-again';
    const app = () => document.querySelector('[data-testid="stApp"]')?.dataset;
    const words = '[data-testid="stMain"] :is(h1, h2, p, a, button)';
    const drawn = one => one.checkVisibility?.() ?? one.getClientRects().length > 0;  // Safari before 17.4 has no such function
    const shown = () => [...document.querySelectorAll(words)].some(drawn);
    const done = () => !app() || (app().testConnectionState === 'CONNECTED' && app().testScriptState === 'notRunning');
    const lately = () => JSON.parse(sessionStorage.getItem(KEPT) ?? '[]').filter(at => Date.now() - at < WITHIN);
    const loadAgain = async () => {
        if (lately().length >= MOST) return;
        const told = await fetch('/_stcore/health', {cache: 'no-store'}).catch(() => null);
        if (!told?.ok || shown()) return;
        sessionStorage.setItem(KEPT, JSON.stringify([...lately(), Date.now()]));
        location.reload();
    };
    let was = false, empty = 0;
    setInterval(() => {
        const there = shown();
        was ||= there;
        empty = was && !there && done() && navigator.onLine ? empty + 1 : 0;
        if (empty && empty % 3 === 0) loadAgain();
    }, 1000);
})()

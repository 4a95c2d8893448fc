// A page that showed something and has had nothing to show for three seconds, connected and with no run under way, loads
// itself again. None should come to that; a client who looks at a white page can do nothing about it.
(() => {
    const app = () => document.querySelector('[data-testid="stApp"]')?.dataset;
    const words = '[data-testid="stMain"] :is(h1, h2, p, a, button)';
    const shown = () => [...document.querySelectorAll(words)].some(one => one.checkVisibility());
    const done = () => !app() || (app().testConnectionState === 'CONNECTED' && app().testScriptState === 'notRunning');
    let was = false, empty = 0;
    setInterval(() => {
        const there = shown();
        was ||= there;
        empty = was && !there && done() && navigator.onLine ? empty + 1 : 0;
        if (empty === 3) location.reload();
    }, 1000);
})()

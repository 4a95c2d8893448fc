// A link marked `data-inside` opens its page in the same session, as the browser's own back button would. Without this script,
// or in a new tab, it is an ordinary address.
(() => {
    if (window.medspaInside) return;
    window.medspaInside = true;
    document.addEventListener('click', tap => {
        const link = tap.target.closest?.('a[data-inside]');
        if (!link || tap.defaultPrevented || tap.button || tap.ctrlKey || tap.metaKey || tap.shiftKey || tap.altKey) return;
        if (document.querySelector('[data-testid="stApp"]').dataset.testConnectionState !== 'CONNECTED') return;
        tap.preventDefault();
        history.pushState({}, '', link.href);
        window.dispatchEvent(new PopStateEvent('popstate'));
    });
})()

// The page says that it is not connected as soon as the browser knows, and no longer once it is.
(() => {
    let was = false;
    const look = () => {
        const state = document.querySelector('[data-testid="stApp"]')?.dataset.testConnectionState;
        was ||= state === 'CONNECTED';
        const away = was && (state !== 'CONNECTED' || !navigator.onLine);
        document.documentElement.classList.toggle('medspa-away', away);
    };
    new MutationObserver(look).observe(document, {
        subtree: true, attributes: true, attributeFilter: ['data-test-connection-state']
    });
    window.addEventListener('offline', look);
    window.addEventListener('online', look);
})()

// A tablet that was away runs its page again when the server is back: what it had not sent goes, and what it shows is true.
(() => {
    if (window.medspaWatches) return;
    window.medspaWatches = true;
    let lost = false;
    const look = () => {
        if (document.querySelector('[data-testid="stApp"]').dataset.testConnectionState !== 'CONNECTED') lost = true;
        else if (lost) {
            lost = false;
            run();
            setTimeout(run, 700);
            setTimeout(run, 2500);
        }
    };
    const run = () => document.querySelector('.st-key-run_again button')?.click();
    const watched = {subtree: true, attributes: true, attributeFilter: ['data-test-connection-state']};
    new MutationObserver(look).observe(document.body, watched);
})()

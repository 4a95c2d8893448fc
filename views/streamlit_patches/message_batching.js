// Opens a pack of messages, and lets all else pass: each part of it goes to Streamlit as a message of its own. ASKS is filled
// in.
(() => {
    const Plain = window.WebSocket;
    window.WebSocket = class extends Plain {
        constructor(address, protocols) {
            super(`${address}${String(address).includes('?') ? '&' : '?'}ASKS`, protocols);
            this.addEventListener('message', told => {
                const data = told.data;
                if (!(data instanceof ArrayBuffer) || !data.byteLength || new Uint8Array(data)[0]) return;
                told.stopImmediatePropagation();
                const view = new DataView(data);
                for (let at = 1; at < data.byteLength; at += 4 + view.getUint32(at)) {
                    const one = data.slice(at + 4, at + 4 + view.getUint32(at));
                    this.dispatchEvent(new MessageEvent('message', {data: one, origin: told.origin}));
                }
            });
        }
    };
})()

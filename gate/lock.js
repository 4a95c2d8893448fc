// Keeps no client on a screen that nobody is signed in to. Asks the server whether the sign-in still holds, covers the page
// while it can't be asked, on waking and while hidden, and goes to the sign-in page once the server says it is over.
(() => {
  "use strict";
  const EVERY = 4000, AFTER_A_MISS = 1000, MISSES = 3, TOUCHED_EVERY = 30000, PATIENCE = 3000;
  let misses = 0, touchedAt = 0, reportedAt = 0, timer = 0, cover = null, leaving = false;

  const show = () => {
    if (cover || !document.body) return;
    cover = document.createElement("div");
    cover.id = "spa-cover";
    cover.setAttribute("role", "status");
    cover.style.cssText =
      "position:fixed;inset:0;z-index:2147483647;background:#F3F6F5;color:#1C2927;display:grid;place-items:center;" +
      "font:500 31px/1.3 Newsreader,serif;text-align:center;padding:32px";
    cover.textContent = "One moment";
    document.body.append(cover);
  };
  const hide = () => { if (cover) { cover.remove(); cover = null; } };
  const leave = () => {
    leaving = true;
    show();
    location.replace("/signin?next=" + encodeURIComponent(location.pathname + location.search));
  };
  const again = (wait) => { clearTimeout(timer); timer = setTimeout(ask, wait); };

  async function ask() {
    if (leaving) return;
    const touched = touchedAt > reportedAt && Date.now() - reportedAt >= TOUCHED_EVERY;
    const told = touched ? Date.now() : reportedAt;
    try {
      const answer = await fetch("/auth/alive", {
        method: touched ? "POST" : "GET", cache: "no-store", credentials: "same-origin",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.status === 401) return leave();
      if (!answer.ok) throw new Error("not well");
      misses = 0;
      reportedAt = told;
      if (document.visibilityState === "visible") hide();
      again(EVERY);
    } catch {
      misses += 1;
      if (misses >= MISSES || !navigator.onLine) show();
      again(AFTER_A_MISS);
    }
  }

  const touch = () => { if (!cover) touchedAt = Date.now(); };
  for (const kind of ["pointerdown", "keydown", "wheel"]) addEventListener(kind, touch, { capture: true, passive: true });
  addEventListener("offline", show);
  for (const kind of ["online", "pageshow", "focus"]) addEventListener(kind, () => again(0));
  document.addEventListener("visibilitychange", () => { show(); if (document.visibilityState === "visible") again(0); });
  reportedAt = Date.now();
  again(0);
})();

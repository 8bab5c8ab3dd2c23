// A page that follows something: it asks for what has changed, says it in place, and is loaded anew when more than
// words has changed. It never waits for an answer that is slow.
(() => {
  "use strict";
  const page = document.querySelector("[data-live]");
  if (!page) return;
  const EVERY = Number(page.dataset.every) * 1000;
  const PATIENCE = 5000;
  const lost = page.querySelector("[data-live-lost]");
  const began = performance.now();

  const isTyping = () =>
    Boolean(document.activeElement?.matches("textarea, select, input:not([type=checkbox], [type=radio])"));

  async function look() {
    try {
      const answer = await fetch(page.dataset.live, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (answer.redirected) location.reload(); // signed out
      const told = await answer.json();
      if (lost) lost.hidden = true;
      for (const [name, words] of Object.entries(told.words ?? {})) {
        const place = page.querySelector(`[data-word="${CSS.escape(name)}"]`);
        if (place && place.textContent !== words) place.textContent = words;
      }
      for (const [name, value] of Object.entries(told.values ?? {})) {
        const place = page.querySelector(`[data-value="${CSS.escape(name)}"]`);
        if (place) place.value = value;
      }
      if (told.mark !== page.dataset.mark && !(page.dataset.gently && isTyping())) {
        location.reload();
        return;
      }
    } catch {
      if (lost) lost.hidden = false;
    }
    setTimeout(look, EVERY);
  }

  function count() {
    const passed = (performance.now() - began) / 1000;
    for (const place of page.querySelectorAll("[data-seconds]")) {
      const start = Number(place.dataset.seconds);
      const seconds = Math.max(0, Math.floor(place.dataset.down ? start - passed : start + passed));
      place.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }
  }

  setTimeout(look, EVERY);
  setInterval(count, 1000);
})();

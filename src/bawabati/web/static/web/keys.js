// The keys of the desk: an element that says data-key="F4" is pressed by F4. Enter is the browser's own: it confirms
// what is highlighted and nothing else.
(() => {
  "use strict";
  const KEPT_FROM_THE_BROWSER = new Set(["F2", "F3", "F4", "F6", "F7", "F8", "F9", "F10"]);

  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (KEPT_FROM_THE_BROWSER.has(event.key)) event.preventDefault();
    const writes = event.target.matches?.("textarea, select, input:not([type=checkbox], [type=radio])");
    if (writes && event.key.length === 1) return;
    const element = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!element) return;
    event.preventDefault();
    element.focus();
    if (element.matches("input")) element.select();
    else element.click();
  });

  // Whoever is sent to a page with an outcome finds its first button highlighted.
  document.querySelector("[data-highlighted]")?.focus({ preventScroll: true });
})();

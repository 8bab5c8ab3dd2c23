// The list that a crew takes along: kept by the browser, read where there is no network, forgotten when its day ends.
(() => {
  "use strict";
  const CACHE = "crew-list";
  const KEY = "/crew-list";
  const BITS = 96;

  const page = document.querySelector("[data-crew], [data-offline]");
  if (!page || !("caches" in window) || !("serviceWorker" in navigator)) return;
  const find = (name) => page.querySelector(`[data-${name}]`);
  const show = (name, isShown) => {
    const place = find(name);
    if (place) place.hidden = !isShown;
  };

  async function forget() {
    await caches.delete(CACHE);
  }

  async function kept() {
    const answer = await (await caches.open(CACHE)).match(KEY);
    const list = answer ? await answer.json() : null;
    if (list && new Date(list.good_until) > new Date()) return list;
    if (list) await forget();
    return null;
  }

  async function keep(list) {
    await (await caches.open(CACHE)).put(KEY, new Response(JSON.stringify(list)));
  }

  function plain(typed) {
    const western = typed.replace(/[\u0660-\u0669]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0x660 + 48))
      .replace(/[\u06f0-\u06f9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0x6f0 + 48));
    return western.toUpperCase().replace(/[^0-9A-Z]/g, "");
  }

  async function digestOf(number, list) {
    const salt = Uint8Array.from(atob(list.salt), (letter) => letter.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(number), "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: list.rounds };
    const bits = await crypto.subtle.deriveBits(how, key, BITS);
    return btoa(String.fromCharCode(...new Uint8Array(bits)));
  }

  async function tell() {
    const list = await kept();
    show("kept", Boolean(list));
    show("none", !list);
    show("ask", Boolean(list));
    show("forget", Boolean(list));
    if (list && find("as-of")) find("as-of").textContent = list.as_of;
    return list;
  }

  function clear() {
    for (const told of page.querySelectorAll("[data-door]")) told.hidden = true;
    show("unknown", false);
  }

  async function ask(event) {
    event.preventDefault();
    clear();
    const list = await tell();
    if (!list) return;
    const row = list.rows[await digestOf(plain(page.querySelector("#number").value), list)];
    if (!row) return show("unknown", true);
    const [door, left, since] = row;
    const told = page.querySelector(`[data-door="${CSS.escape(door)}"]`);
    if (door === "not_paid") {
      find("left").textContent = left;
      find("since").textContent = since;
    }
    told.hidden = false;
  }

  async function register() {
    const policy = window.trustedTypes?.createPolicy("crew-worker", { createScriptURL: (address) => address });
    const address = policy ? policy.createScriptURL(page.dataset.worker) : page.dataset.worker;
    await navigator.serviceWorker.register(address, { scope: page.dataset.scope });
    await navigator.serviceWorker.ready;
  }

  async function take(event) {
    event.preventDefault();
    const button = event.target.querySelector("button");
    button.disabled = true;
    show("failed", false);
    try {
      await register();
      const answer = await fetch(page.dataset.list, { method: "POST", body: new URLSearchParams(new FormData(event.target)) });
      if (!answer.ok || answer.redirected) throw new Error("refused");
      await keep(await answer.json());
      await tell();
    } catch {
      show("failed", true);
    }
    button.disabled = false;
  }

  find("take")?.addEventListener("submit", take);
  find("ask")?.addEventListener("submit", ask);
  find("forget")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    await forget();
    clear();
    await tell();
  });
  tell();
})();

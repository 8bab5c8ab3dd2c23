// The reader's keys work without the page being loaded again. Without JavaScript they are plain forms, and the page
// loads itself every 8 seconds.
"use strict";

const LIVE = ["display", "paper", "pull", "faults"];

const show = (html) => {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const name of LIVE) {
    const [now, then] = [document.getElementById(name), fresh.getElementById(name)];
    if (!now || !then) continue;
    if (now.className !== then.className) now.className = then.className;
    if (now.innerHTML !== then.innerHTML) now.innerHTML = then.innerHTML;
  }
};

let asked = 0;
const ask = async (options) => {
  const mine = ++asked;
  const answer = await fetch(location.href, { cache: "no-store", ...options });
  const html = await answer.text();
  // Of two questions on their way only the later one is shown.
  if (mine === asked && answer.ok) show(html);
};

// A sandbox that was stopped meanwhile is simply asked again later.
setInterval(() => ask().catch(() => {}), 700);

// One after the other: the digits of a PIN have an order.
let sent = Promise.resolve();
document.addEventListener("submit", (event) => {
  event.preventDefault();
  const values = new URLSearchParams(new FormData(event.target, event.submitter));
  sent = sent.then(() => ask({ method: "POST", body: values })).catch(() => {});
});

const KEYS = { Enter: "green", Backspace: "yellow", Escape: "red" };
document.addEventListener("keydown", (event) => {
  // Enter presses what has the focus, but for a card that was just presented: then it ends the PIN.
  const focused = event.target.closest("button, select, a, summary");
  const asksPin = document.getElementById("display").classList.contains("pin");
  if (event.key === "Enter" && focused && !(asksPin && focused.closest(".purse"))) return;
  const digit = /^[0-9]$/.test(event.key) ? event.key : /^Numpad[0-9]$/.test(event.code) ? event.code.slice(-1) : "";
  const wanted = digit ? `key ${digit}` : KEYS[event.key];
  const button = wanted && document.querySelector(`.keys button[value="${wanted}"]`);
  if (!button || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  button.form.requestSubmit(button);
});

// The captcha's checkbox: workers search the number while the payer fills the form, and ticking shows the result.
// Without this script, or in a browser that cannot do the work, the button beside it offers a picture instead.
"use strict";

(function () {
  const place = document.querySelector("[data-captcha]");
  if (!place || !window.Worker || !window.crypto || !crypto.subtle) return;

  const words = place.dataset;
  const challenge = JSON.parse(words.challenge);
  const form = place.closest("form");
  const box = place.querySelector("input[type=checkbox]");
  const answer = place.querySelector("input[type=hidden]");
  const said = place.querySelector("[role=status]");
  // One policy that lets through one address: scripts from anywhere else stay forbidden.
  const worker = window.trustedTypes
    ? trustedTypes.createPolicy("captcha", { createScriptURL: () => words.worker }).createScriptURL("")
    : words.worker;
  let work = null;

  function solve() {
    work = work || search(Math.min(navigator.hardwareConcurrency || 2, 4));
    return work;
  }

  function search(howMany) {
    const workers = [];
    const found = new Promise((resolve, reject) => {
      for (let start = 0; start < howMany; start += 1) {
        const one = new Worker(worker);
        one.onmessage = ({ data }) => (data && data.derivedKey ? resolve(data) : reject(new Error("no solution")));
        one.onerror = reject;
        one.postMessage({ type: "work", challenge, counterStart: start, counterStep: howMany });
        workers.push(one);
      }
    });
    const end = () => workers.forEach((one) => one.terminate());
    found.then(end, end);
    return found;
  }

  function say(sentence, complaint) {
    said.textContent = sentence;
    box.setCustomValidity(complaint);
  }

  async function ticked() {
    if (!box.checked) return say("", words.needed);
    say(answer.value ? words.done : words.working, answer.value ? "" : words.wait);
    try {
      answer.value = btoa(JSON.stringify({ challenge, solution: await solve() }));
      if (box.checked) say(words.done, "");
    } catch (error) {
      box.parentElement.hidden = true; // the picture remains
      say(words.failed, "");
    }
  }

  box.checked = false; // a browser may have kept it from before
  answer.value = "";
  say("", words.needed);
  form.addEventListener("focusin", () => solve().catch(() => {}), { once: true });
  box.addEventListener("change", ticked);
  place.hidden = false;
})();

// Reads the code of a receipt and checks its signature with the keys of this page. See docs/reference/receipt-code.md.
(() => {
  "use strict";
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const KEYS = JSON.parse(document.getElementById("keys").textContent);
  const [KEY_AT, AMOUNT_AT, MOMENT_AT, NUMBER_AT, SIGNATURE] = [1, 8, 14, 19, 64];
  const field = document.getElementById("code");

  function bytesOf(letters) {
    const bytes = [];
    let bits = 0;
    let held = 0;
    for (const letter of letters) {
      held = ((held & 0xff) << 5) | LETTERS.indexOf(letter);
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes.push((held >> bits) & 0xff);
      }
    }
    return Uint8Array.from(bytes);
  }

  function lettersOf(bytes) {
    let [text, bits, held] = ["", 0, 0];
    for (const byte of bytes) {
      held = ((held & 0x1f) << 8) | byte;
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text += LETTERS[(held >> bits) & 0x1f];
      }
    }
    return bits ? text + LETTERS[(held << (5 - bits)) & 0x1f] : text;
  }

  const numberIn = (bytes) => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

  function read(typed) {
    const found = /(?:^|\/V\/)([A-Z2-7]{134,200})\/?$/.exec(typed.replace(/\s/g, "").toUpperCase());
    if (!found) return null;
    const bytes = bytesOf(found[1]);
    if (bytes[0] !== 1) return null;
    return {
      key: lettersOf(bytes.slice(KEY_AT, AMOUNT_AT)).toLowerCase(),
      centimes: numberIn(bytes.slice(AMOUNT_AT, MOMENT_AT)),
      moment: new Date(numberIn(bytes.slice(MOMENT_AT, NUMBER_AT)) * 1000),
      number: new TextDecoder().decode(bytes.slice(NUMBER_AT, -SIGNATURE)),
      signature: bytes.slice(-SIGNATURE),
    };
  }

  async function isSigned(told) {
    const known = KEYS[told.key];
    if (!known) return false;
    const raw = Uint8Array.from(atob(known.key), (letter) => letter.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
    const moment = `${told.moment.toISOString().slice(0, 19)}Z`;
    const text = `BP1|${known.code}|${told.number}|${told.centimes}|${moment}`;
    return crypto.subtle.verify("Ed25519", key, told.signature, new TextEncoder().encode(text));
  }

  function show(which, told) {
    for (const section of document.querySelectorAll("[data-when]")) section.hidden = section.dataset.when !== which;
    if (which !== "genuine") return;
    const inAlgiers = { timeZone: "Africa/Algiers", dateStyle: "short", timeStyle: "short", hourCycle: "h23" };
    const { currency } = document.querySelector("[data-told=amount]").dataset;
    const [dinars, rest] = [Math.floor(told.centimes / 100), String(told.centimes % 100).padStart(2, "0")];
    const shown = {
      number: told.number,
      amount: `${String(dinars).replace(/\B(?=(\d{3})+$)/g, "\u00a0")},${rest} ${currency}`,
      moment: told.moment.toLocaleString("fr-DZ", inAlgiers),
    };
    for (const [name, value] of Object.entries(shown)) {
      document.querySelector(`[data-told=${name}]`).textContent = value;
    }
  }

  document.getElementById("ask").addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = read(field.value);
    field.value = "";
    field.focus();
    if (!told) return show("unknown");
    try {
      return show((await isSigned(told)) ? "genuine" : "unknown", told);
    } catch {
      return show("too-old");
    }
  });
})();

// A scanner is a keyboard that types faster than any hand. It is set to a US keyboard, and this computer perhaps to a
// French or an Arabic one: so what it typed is read from the places of the keys. Its last key never presses anything.
(() => {
  "use strict";
  const SLOWEST_GAP = 35; // milliseconds between two keys of a scanner
  const PAUSE = 200; // what comes after so long is something new; until then a busy computer may have held a key back
  const SHORTEST = 6;
  const ECHO = 150; // what comes this soon after a scan still belongs to it: some scanners end with two keys
  const PLAIN = {
    Minus: "-", Equal: "=", Slash: "/", Period: ".", Comma: ",", Semicolon: ";", Quote: "'", Backquote: "`",
    BracketLeft: "[", BracketRight: "]", Backslash: "\\", Space: " ", IntlBackslash: "\\",
    NumpadSubtract: "-", NumpadDivide: "/", NumpadDecimal: ".", NumpadAdd: "+", NumpadMultiply: "*",
  };
  const SHIFTED = {
    Minus: "_", Equal: "+", Slash: "?", Period: ">", Comma: "<", Semicolon: ":", Quote: '"', Backquote: "~",
    BracketLeft: "{", BracketRight: "}", Backslash: "|", Space: " ", IntlBackslash: "|",
  };
  const SHIFTED_DIGITS = ")!@#$%^&*(";
  const ENDS = new Set(["Enter", "NumpadEnter", "Tab"]);
  const MODIFIER = /^(Shift|Control|Alt|Meta|CapsLock|NumLock)/;
  const READS_WELL = /^(?:[0-9A-Z-]+|https?:\/\/[0-9A-Za-z.:_/-]+)$/;

  const form = document.querySelector("form[data-scanner]");
  let scanned = [];
  let last = -Infinity;
  let slowest = 0;
  let late = 0;
  let quietUntil = -Infinity;
  let field = null;
  let before = "";

  function onUsKeyboard(event) {
    const { code, shiftKey } = event;
    const letter = /^Key([A-Z])$/.exec(code);
    if (letter) return shiftKey !== event.getModifierState("CapsLock") ? letter[1] : letter[1].toLowerCase();
    const digit = /^(?:Digit|Numpad)([0-9])$/.exec(code);
    if (digit) return shiftKey && code.startsWith("Digit") ? SHIFTED_DIGITS[digit[1]] : digit[1];
    return (shiftKey ? SHIFTED : PLAIN)[code] ?? "";
  }

  function begin(event) {
    scanned = [];
    slowest = 0;
    late = 0;
    field = event.target instanceof Element && "value" in event.target ? event.target : null;
    before = field ? field.value : "";
  }

  function take() {
    const byPlace = scanned.map((key) => key.place).join("");
    const asTyped = scanned.map((key) => key.typed).join("");
    const text = READS_WELL.test(asTyped) ? asTyped : byPlace;
    if (field) field.value = before;
    if (!form) return; // a payment is in progress: nothing is begun now
    if (form.dataset.scanner === "test") {
      const told = { text, typed: asTyped, keys: String(scanned.length), gap: String(Math.round(slowest)) };
      for (const [name, value] of Object.entries(told)) {
        form.querySelector(`[data-told=${name}]`).textContent = value;
      }
      const isRight = text === form.dataset.expected;
      form.querySelector("[data-when=right]").hidden = !isRight;
      form.querySelector("[data-when=wrong]").hidden = isRight;
      return;
    }
    form.elements.words.value = text;
    form.requestSubmit();
  }

  function swallow(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  addEventListener(
    "keydown",
    (event) => {
      if (event.timeStamp < quietUntil) return swallow(event);
      const gap = event.timeStamp - last;
      last = event.timeStamp;
      if (gap >= PAUSE || event.repeat) begin(event);
      else if (scanned.length) slowest = Math.max(slowest, gap);
      if (scanned.length && gap >= SLOWEST_GAP) late += 1;
      if (MODIFIER.test(event.code) || event.repeat) return undefined;
      if (!ENDS.has(event.code)) {
        scanned.push({ place: onUsKeyboard(event), typed: event.key.length === 1 ? event.key : "" });
        return undefined;
      }
      if (scanned.length >= SHORTEST && late * 4 <= scanned.length) {
        quietUntil = event.timeStamp + ECHO;
        swallow(event);
        take();
      }
      scanned = [];
      return undefined;
    },
    { capture: true },
  );
})();

// Bringing a file in: a file that is too large is said so before it is sent, and one that is on its way shows so.
(() => {
  "use strict";
  const form = document.querySelector("form[data-largest]");
  if (!form) return;
  const chosen = form.querySelector("input[type=file]");
  const tooLarge = form.querySelector("[data-too-large]");
  const sending = form.querySelector("[data-sending]");
  const button = form.querySelector("button[type=submit]");
  const LARGEST = Number(form.dataset.largest) * 1024 * 1024;

  const look = () => {
    tooLarge.hidden = !(chosen.files?.[0]?.size > LARGEST);
    return tooLarge.hidden;
  };

  chosen.addEventListener("change", look);
  form.addEventListener("submit", (event) => {
    if (!look()) {
      event.preventDefault();
      chosen.focus();
      return;
    }
    if (chosen.files?.length) {
      sending.hidden = false;
      button.disabled = true;
    }
  });
  window.addEventListener("pageshow", () => {
    sending.hidden = true;
    button.disabled = false;
  });
})();

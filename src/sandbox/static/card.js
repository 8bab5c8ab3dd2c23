// The card page's and the code page's script. Both pages work without it: the server checks everything again.
"use strict";

const digitsOf = (text) =>
  text
    .replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x660)
    .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x6f0)
    .replace(/\D/g, "");

const passesLuhn = (number) => {
  const sum = [...number].reverse().reduce((total, sign, place) => {
    const value = Number(sign) * (place % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return number.length >= 13 && number.length <= 19 && sum % 10 === 0;
};

const timer = document.querySelector(".timer");
if (timer) {
  const endsAt = Date.now() + Number(timer.dataset.seconds) * 1000;
  const show = () => {
    const left = Math.max(0, Math.round((endsAt - Date.now()) / 1000));
    timer.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left === 0) {
      clearInterval(ticking);
      // Asks for the page again, never sends the form again: the server says that the time is over.
      const form = document.querySelector("form");
      const address = new URL(form.action || location.href);
      address.searchParams.set("mdOrder", form.querySelector("[name=mdOrder]")?.value ?? address.searchParams.get("mdOrder"));
      setTimeout(() => location.replace(address), 1000);
    }
  };
  const ticking = setInterval(show, 500);
  show();
}

const payment = document.getElementById("formPayment");
if (payment) {
  const field = (name) => document.getElementById(name);
  const visible = field("pan_visible") ?? field("iPAN");
  const problem = field("pan-problem");
  const button = field("buttonPayment");

  const check = () => {
    const number = digitsOf(visible.value);
    if (visible.id === "pan_visible") field("iPAN").value = number;
    field("expiry").value = field("year").value + field("month").value;
    const plausible = "luhn" in payment.dataset ? passesLuhn(number) : number.length >= 13;
    const wrong = number.length >= 16 && !plausible;
    problem.textContent = wrong ? problem.dataset.words : "";
    visible.setAttribute("aria-invalid", String(wrong));
    button.disabled = !(
      plausible &&
      field("month").value &&
      field("year").value &&
      digitsOf(field("iCVC").value).length === 3 &&
      field("iTEXT").value.trim().length >= 2
    );
  };

  visible.addEventListener("blur", () => {
    visible.value = digitsOf(visible.value).replace(/(.{4})(?=.)/g, "$1 ");
  });
  payment.addEventListener("input", check);
  payment.addEventListener("change", check);
  check();
}

// Sums that are said while one ticks, counts or types. The server counts for itself: what is written here is for the eye.
(() => {
  "use strict";

  // An amount written as the page writes them: the example is 1234567.89 with the marks of the language.
  function writer(place) {
    const [, group, decimal, currency] = /^1(.)234(?:\1)567(.)89(.*)$/su.exec(place.dataset.like);
    return (centimes) => {
      const dinars = String(Math.floor(centimes / 100)).replace(/\B(?=(\d{3})+$)/g, group);
      place.textContent = `${dinars}${decimal}${String(centimes % 100).padStart(2, "0")}${currency}`;
    };
  }

  const bills = document.querySelector("form[data-bills]");
  if (bills) {
    const write = writer(bills.querySelector("[data-sum]"));
    bills.addEventListener("change", () => {
      const ticked = [...bills.querySelectorAll("[data-centimes]:checked")];
      write(ticked.reduce((sum, bill) => sum + Number(bill.dataset.centimes), 0));
    });
  }

  const drawer = document.querySelector("[data-count]");
  if (drawer) {
    const write = writer(document.querySelector("[data-count-sum]"));
    const count = () => {
      let sum = 0;
      for (const field of drawer.querySelectorAll("[data-each]")) {
        if (/^\d{1,5}$/.test(field.value.trim())) sum += Number(field.value) * Number(field.dataset.each);
      }
      write(sum);
    };
    drawer.addEventListener("input", count);
    count();
  }

  const cash = document.querySelector("form[data-cash]");
  if (cash) {
    const row = cash.querySelector("[data-change]");
    const write = writer(row.querySelector("[data-sum]"));
    cash.elements.tendered.addEventListener("input", (event) => {
      const typed = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(event.target.value.replace(/[\s\u00a0]/g, ""));
      const given = typed ? Number(typed[1]) * 100 + Number((typed[2] ?? "").padEnd(2, "0")) : 0;
      const back = given - Number(cash.dataset.cash);
      row.hidden = back < 0;
      write(Math.max(0, back));
    });
  }
})();

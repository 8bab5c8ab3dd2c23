// New messages appear without the page being loaded again. Without JavaScript the page loads itself every 5 seconds.
"use strict";

const look = async () => {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".texts");
  const shown = document.querySelector(".texts");
  if (fresh && fresh.innerHTML !== shown.innerHTML) shown.innerHTML = fresh.innerHTML;
};

// A sandbox that was stopped meanwhile is simply asked again later.
setInterval(() => look().catch(() => {}), 2500);

// What happens elsewhere appears here: a stream of events, or every 20 s a look, says that something has a newer value than
// the page shows. Then the element that watches it gets the event "live", and htmx fetches what is new. Every page works without.
"use strict";

(() => {
  const { live, liveState } = document.body.dataset;
  const POLL = 20000, PATIENCE = 10000, AWAY = 60000;
  const known = {};
  let stream, polling, patience, leaving;

  const watchers = () => [...document.querySelectorAll("[data-live-watch]")];
  const watched = () => {
    const names = new Set(watchers().map((element) => element.dataset.liveWatch));
    return [...names].filter((name) => name !== "notices").map((name) => `watch=${encodeURIComponent(name)}`).join("&");
  };

  function take(state) {
    Object.assign(known, state.values);
    if (typeof state.unread === "number") {
      known.notices = state.unread;
      bell(state.unread);
    }
    show();
  }

  // Nothing is fetched behind one's back: what is fetched counts as read.
  function show() {
    if (document.hidden) return;
    for (const element of watchers()) {
      const name = element.dataset.liveWatch, value = known[name], at = Number(element.dataset.liveAt || 0);
      if (value === undefined || value === element.liveAsked) continue;
      if (name === "notices" ? value === at : value <= at) continue;
      element.liveAsked = value;
      element.dispatchEvent(new Event("live"));
    }
  }

  function bell(unread) {
    const places = ".tabbar a[href$='/notices/'],#site-nav a[href$='/notices/'],#account-menu a[href$='/notices/'],[popovertarget='account-menu']";
    for (const place of document.querySelectorAll(places)) {
      let count = place.querySelector(".count");
      if (!unread) count?.remove();
      else {
        if (!count) {
          count = document.createElement("span");
          count.className = "count";
          place.append(count);
        }
        count.textContent = unread;
      }
    }
  }

  function open() {
    if (!live) return poll();
    const address = new URL(live, location.href);
    address.search = watched();
    stream = new EventSource(address, { withCredentials: true });
    patience = setTimeout(poll, PATIENCE);
    stream.addEventListener("hello", (event) => {
      calm();
      take(JSON.parse(event.data));
    });
    for (const name of ["change", "notice"]) stream.addEventListener(name, (event) => take(JSON.parse(event.data)));
    // The browser comes back by itself, with the last event's number; where it was refused it does not.
    stream.addEventListener("error", () => {
      if (!stream) return;
      if (stream.readyState === EventSource.CLOSED) poll();
      else patience ??= setTimeout(poll, PATIENCE);
    });
  }

  function close() {
    stream?.close();
    stream = undefined;
    calm();
  }

  function calm() {
    clearTimeout(patience);
    clearInterval(polling);
    patience = polling = undefined;
  }

  function poll() {
    if (polling) return;
    polling = setInterval(look, POLL);
    if (stream) look();
  }

  async function look() {
    if (document.hidden) return;
    try {
      const answer = await fetch(`${liveState}?${watched()}`, { redirect: "manual" });
      if (answer.ok) take(await answer.json());
      else if (answer.type === "opaqueredirect") close(); // signed out elsewhere
    } catch {
      // away; the next look may find it again
    }
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(leaving);
    if (document.hidden) leaving = setTimeout(close, AWAY);
    else if (stream || polling) show();
    else open();
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && open());

  // One's own reply comes with the answer to its form, and as news: each post stands once, in the order of the numbers.
  function tidy(posts) {
    const shown = new Map();
    for (const element of [...(posts?.querySelectorAll(":scope > [id^='post-']") || [])]) {
      const no = Number(element.id.slice(5));
      if (shown.has(no)) {
        element.remove();
        continue;
      }
      const later = [...shown.keys()].filter((other) => other > no).sort((one, other) => one - other)[0];
      if (later) shown.get(later).before(element);
      shown.set(no, element);
    }
  }

  document.addEventListener("htmx:afterSettle", () => {
    tidy(document.getElementById("posts"));
    show();
  });
  for (const name of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(name, (event) => delete event.target.liveAsked);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", open);
  else open();
})();

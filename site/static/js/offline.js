// The page without a net: which lessons are here, and whether something waits to be sent.
"use strict";
(async () => {
  const said = document.getElementById("offline-kept");
  if (said && location.search.includes("kept")) said.hidden = false;
  const list = document.getElementById("offline-lessons");
  const cache = await caches.open("kept");
  for (const request of await cache.keys()) {
    const page = new DOMParser().parseFromString(await (await cache.match(request)).text(), "text/html");
    const link = document.createElement("a");
    link.href = request.url;
    link.textContent = page.querySelector("h1")?.textContent.trim() || page.title;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
})();

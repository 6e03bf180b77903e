// A dot in a picture opens the card of what is tagged there, over the picture; without this the dot leads to the list below.
document.addEventListener("click", (event) => {
  const open = document.querySelector(".pointed-card");
  const dot = event.target.closest(".pointed-points a");
  if (open && (dot || !open.contains(event.target))) open.remove();
  if (!dot) return;
  const thing = document.querySelector(dot.getAttribute("href"));
  const figure = dot.closest(".pointed");
  if (!thing || !figure) return;
  event.preventDefault();
  document.querySelectorAll(".note-thing.is-open").forEach((one) => one.classList.remove("is-open"));
  thing.classList.add("is-open");
  const card = document.createElement("div");
  card.className = "pointed-card";
  card.append(thing.lastElementChild.cloneNode(true));
  figure.append(card);
  card.querySelector("a, button")?.focus({ preventScroll: true });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelector(".pointed-card")?.remove();
});

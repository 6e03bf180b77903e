// Players of other sites: loaded when the reader presses, never before. Without this file the link opens the site.
for (const figure of document.querySelectorAll("[data-embed]")) {
  const link = figure.querySelector("a.embed-load");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.src = figure.dataset.embed;
    frame.title = figure.dataset.embedTitle;
    frame.allow = "fullscreen; picture-in-picture; encrypted-media";
    frame.allowFullscreen = true;
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    link.replaceWith(frame);
    frame.focus();
  });
}

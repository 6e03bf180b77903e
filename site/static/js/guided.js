/* The guided flow: numbers that follow the rates, copying an address. Everything works without. */
(function () {
  "use strict";

  function follow(area) {
    var result = area.querySelector("[data-guided-result]");
    var button = area.querySelector("[data-guided-recalculate]");
    var timer;
    var turn = 0;
    button.hidden = true;
    area.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(function () {
        var query = new URLSearchParams();
        var mine = ++turn;
        area.querySelectorAll("input").forEach(function (input) {
          query.set(input.name, input.value);
        });
        fetch(area.dataset.guidedNumbers + "?" + query, { credentials: "same-origin" })
          .then(function (response) {
            return response.ok ? response.text() : "";
          })
          .then(function (html) {
            if (mine === turn) result.innerHTML = html;
          })
          .catch(function () {
            button.hidden = false;
          });
      }, 200);
    });
  }

  function copies(button) {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      var field = document.getElementById(button.dataset.guidedCopy);
      navigator.clipboard.writeText(field.value).then(function () {
        button.textContent = button.dataset.done;
      });
    });
  }

  document.querySelectorAll("[data-guided-numbers]").forEach(follow);
  document.querySelectorAll("[data-guided-copy]").forEach(copies);
})();

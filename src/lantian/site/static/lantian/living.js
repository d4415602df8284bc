// Lights a sentence with its notes, and a note with its sentence. The page reads the same without it.
(function () {
  "use strict";
  function partners(element) {
    var sentence = element.closest("[data-notes]");
    if (sentence) {
      var notes = sentence.dataset.notes.split(" ").map(function (id) { return document.getElementById(id); });
      return [sentence].concat(notes);
    }
    var note = element.closest(".official .note");
    if (!note) return [];
    return [note, document.querySelector('[data-notes~="' + note.id + '"]')];
  }
  function light(on) {
    return function (event) {
      if (!(event.target instanceof Element)) return;
      partners(event.target).forEach(function (one) { if (one) one.classList.toggle("lit", on); });
    };
  }
  document.addEventListener("mouseover", light(true));
  document.addEventListener("mouseout", light(false));
  document.addEventListener("focusin", light(true));
  document.addEventListener("focusout", light(false));
})();

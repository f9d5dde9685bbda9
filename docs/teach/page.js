/* page.js - shows the scene and the step that the address names (#scalar-5, #windows.1.3.last-3), and moves between them: arrow
 * keys, buttons, slider. What is shown is scenes.js's business. Plain JavaScript of 2009, which small engines run too. */
(function () {
  "use strict";
  var at = null, shown = null; // { scene, options, step }, and "scene.options" of what stands in the page

  function element(id) { return document.getElementById(id); }

  function go(to) {
    var address = "#" + TeachScenes.address(to);
    if (location.hash === address) show();
    else location.hash = address;
  }

  function move(by) {
    var to = TeachScenes.moved(at, by);
    if (to) go(to);
  }

  function show() {
    at = TeachScenes.read(location.hash);
    var scene = TeachScenes.scene(at.scene), last = scene.last(at.options);
    element("tabs").innerHTML = TeachScenes.tabs(at);
    element("scene").innerHTML = scene.html(at.options, at.step);
    element("where").textContent = scene.step + " " + at.step + " of " + last;
    element("slider").min = scene.first;
    element("slider").max = last;
    element("slider").value = at.step;
    element("back").disabled = !TeachScenes.moved(at, -1);
    element("next").disabled = !TeachScenes.moved(at, 1);
    reveal(at.scene !== shown);
    shown = at.scene;
  }

  /* The line of this step stays in sight, between what is drawn and the buttons; a new scene begins at its top. */
  function reveal(fresh) {
    var now = document.querySelector("li.now"), drawn = document.querySelector(".sticky");
    if (fresh) window.scrollTo(0, 0);
    if (!now) return;
    var box = now.getBoundingClientRect(), bottom = document.querySelector("footer").getBoundingClientRect().top - 8;
    var top = (drawn ? drawn.offsetHeight : 0) + 40; // the line's heading is seen, too
    if (box.bottom > bottom || box.top < top) window.scrollBy(0, Math.min(box.bottom - bottom, box.top - top));
  }

  document.addEventListener("keydown", function (e) {
    if (e.altKey || e.ctrlKey || e.metaKey || /^(SELECT|INPUT)$/.test(e.target.tagName)) return;
    var by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (by) {
      e.preventDefault();
      move(by);
    }
  });
  element("back").onclick = function () { move(-1); };
  element("next").onclick = function () { move(1); };
  element("slider").oninput = function () { go({ scene: at.scene, options: at.options, step: Number(this.value) }); };
  window.onhashchange = show;
  show();
})();

/* teaching_page.js - docs/teach/page.js as in a browser, with as much of a document as it asks for: keys are pressed, buttons and
 * the slider moved, addresses opened. Run by duk behind data.js and scenes.js; prints what the page then shows, as text:
 *     ADDRESS: TEXT */
var elements = {}, pressed, window = { scrollTo: function () {}, scrollBy: function () {} };
var location = {
  set hash(h) { this.at = h; if (window.onhashchange) window.onhashchange(); },
  get hash() { return this.at; }, at: ""
};

function Element() {
  this.innerHTML = this.textContent = "";
  this.offsetHeight = 100;
}
Element.prototype.getBoundingClientRect = function () { return { top: 0, bottom: 0 }; };

var document = {
  getElementById: function (id) { return elements[id] = elements[id] || new Element(); },
  querySelector: function () { return new Element(); },
  addEventListener: function (what, f) { pressed = f; }
};

function shown() {
  var text = elements.scene.innerHTML.replace(/<[^>]*>/g, " ").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  print(location.hash + ": " + text.replace(/\s+/g, " "));
}

function press(key, in_select) {
  pressed({ key: key, target: { tagName: in_select ? "SELECT" : "BODY" }, preventDefault: function () {} });
}

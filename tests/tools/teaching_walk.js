/* teaching_walk.js - through the whole page by the arrow key, and back by the button; then what an address opens. */
var forward = [], back = [], before;
location.hash = "#windows-1";
do {
  before = location.hash;
  forward.push(elements.where.textContent);
  shown();
  press("ArrowRight");
} while (location.hash !== before);
do {
  before = location.hash;
  back.push(elements.where.textContent);
  elements.back.onclick();
} while (!elements.back.disabled);
back.push(elements.where.textContent);
if (forward.slice().reverse().join() !== back.join()) throw new Error("back is another way: " + forward + "; " + back);

location.hash = "#scalar-5";
press("ArrowRight", true);
shown();
elements.slider.value = "9";
elements.slider.oninput.call(elements.slider);
shown();
["#windows.2.4.new-2", "#windows.3.2.new-1", "#windows.9.9.last-1", "#elman-99", "#nonsense"].forEach(function (address) {
  location.hash = address;
  shown();
});

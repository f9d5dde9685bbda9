/* scenes.js - what the teaching page shows, as text of HTML, from TEACH (data.js, which measure.py writes). No number that is
 * shown stands here. A scene: id, tab, what a step is called, its first step, last(options), html(options, step). */
var TeachScenes = (function () {
  "use strict";

  // ---- numbers and formulas ----

  function number(x) {
    var text = String(Number(x.toPrecision(6)));
    return text.replace(/-/g, "\u2212").replace(/e(.*)$/, "\u00b710<sup>$1</sup>");
  }

  function short(x) { return number(Number(x.toPrecision(3))); }

  // A number, or a matrix by rows; a vector is a column.
  function value(v, shape, digits) {
    var write = digits || number, rows = [], i;
    if (v.length === 1) return write(v[0]);
    for (i = 0; i < shape[0]; i++)
      rows.push("<span>" + v.slice(i * shape[1], (i + 1) * shape[1]).map(function (x) {
        return "<b>" + write(x) + "</b>";
      }).join("") + "</span>");
    return '<span class="matrix">' + rows.join("") + "</span>";
  }

  var named = { lam: "\u03bb" };
  var before = "<sub><i>t</i>\u22121</sub>", today = "<sub><i>t</i></sub>";
  var ofStep = { xp: ["x", before], x: ["x", today], Sp: ["S", before], S: ["S", today], L: ["L", today] };

  // "h3_" as h with 3 below and a bar above; `moving`: the names of RTRL, whose steps are t and t - 1.
  function symbol(name, moving) {
    var parts = /^([A-Za-z]+)(\d*)(_?)$/.exec(name);
    var base = named[parts[1]] || parts[1], below = parts[2] ? "<sub>" + parts[2] + "</sub>" : "";
    if (moving && ofStep[parts[1]]) {
      base = ofStep[parts[1]][0];
      below = ofStep[parts[1]][1];
    }
    return (parts[3] ? '<i class="bar">' : "<i>") + base + "</i>" + below;
  }

  function formula(text, vector, moving) {
    return text.replace(/outer\((\w+), (\w+)\)/g, "$1 @ $2.T").replace(/(\w+) \* \1\b/g, "$1\u00b2")
      .replace(/ \* /g, vector ? " \u2299 " : " \u00b7 ").replace(/ @ /g, "\u2009").replace(/\.T/g, "\u1d40")
      .replace(/ - /g, " \u2212 ").replace(/([A-Za-z]+\d*_?)/g, function (name) {
        return name === "tanh" ? name : symbol(name, moving);
      });
  }

  function escaped(text) {
    return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }

  // ---- a window, call by call ----

  // The adjoints that are known after n lines: by the name of the value.
  function adjoints(scene, n) {
    var known = {};
    function note(o) { if (/_$/.test(o.name)) known[o.name.slice(0, -1)] = o; }
    scene.given.forEach(note);
    scene.lines.slice(0, n).forEach(function (line) { line.outs.forEach(note); });
    return known;
  }

  function heading(line, scene) {
    var of = " " + line.step + " of " + scene.steps;
    return { together: "All steps at once", forward: "Forward, step" + of, loss: "The loss",
      "loss back": "The loss, backward", backward: "Backward, step" + of, gradient: "The gradient" }[line.part];
  }

  function kernel(scene, line) {
    return "<pre><code>" + escaped(scene.kernels[line.kernel]) + "</code></pre>";
  }

  function row(scene, line, index, n, known, why) {
    var done = index < n, now = index === n - 1, html = "";
    line.outs.forEach(function (o) {
      var adjoint = known[o.name], vector = o.value.length > 1;
      html += '<span class="formula">' + symbol(o.name) + " = " + formula(o.formula, vector) + "</span>" +
        '<span class="value">' + (done ? value(o.value, o.shape) : "\u00b7") + "</span>" +
        '<span class="adjoint">' + (adjoint ? symbol(o.name + "_") + " = " + value(adjoint.value, adjoint.shape) : "") + "</span>";
    });
    return '<li class="' + (now ? "now" : done ? "done" : "later") + " " + line.part.replace(" ", "-") + '"' +
      (now ? ' aria-current="step"' : "") + '><code class="c">' + escaped(line.c) + '</code><div class="outs">' + html + "</div>" +
      (now ? '<div class="why"><p>' + why + "</p>" + kernel(scene, line) + "</div>" : "") + "</li>";
  }

  function lines(scene, n, whys) {
    var known = adjoints(scene, n), html = "", last = "";
    scene.lines.forEach(function (line, i) {
      var title = heading(line, scene);
      if (title !== last) html += (html ? "</ol>" : "") + "<h3>" + title + '</h3><ol class="lines">';
      last = title;
      html += row(scene, line, i, n, known, whys[i]);
    });
    return '<div class="columns" aria-hidden="true"><span>C</span><span>formula</span><span>value</span><span>adjoint</span></div>' +
      html + "</ol>";
  }

  function givens(scene) {
    return '<p class="given">' + scene.given.map(function (g) {
      return "<span>" + symbol(g.name) + " = " + value(g.value, g.shape) + "</span>";
    }).join(" ") + "</p>";
  }

  function spec(scene, n) {
    var now = n ? scene.lines[n - 1].lua : 0;
    return "<details><summary>The spec, " + scene.file + (now ? ", line " + now : "") + "</summary><pre><code>" +
      scene.spec.replace(/\n$/, "").split("\n").map(function (l, i) {
        return i + 1 === now ? "<mark>" + escaped(l) + "</mark>" : escaped(l);
      }).join("\n") + "</code></pre>" +
      (scene.options ? "<p>With <code>" + escaped(scene.options) + "</code>.</p>" : "") + "</details>";
  }

  // ---- the chain of states, drawn ----

  // What a line does in the drawing: the node or arrow that is lit.
  function lit(line) {
    if (!line) return "";
    if (line.part === "gradient" || line.part === "together") return line.part;
    return line.part.split(" ").reverse()[0] + (line.part === "loss back" ? "loss" : line.part === "loss" ? "" : line.step);
  }

  function number2(values, x, y, cls) {
    return values.map(function (v, i) {
      return '<text class="' + cls + '" x="' + x + '" y="' + (y + 13 * i) + '">' + short(v).replace(/<sup>/, "^").replace("</sup>", "") + "</text>";
    }).join("");
  }

  function chain(scene, n) {
    var state = scene.state, seen = {}, known = adjoints(scene, n), now = lit(scene.lines[n - 1]), lights = {}, svg = "", t, x;
    scene.given.forEach(function (g) { seen[g.name] = g; });
    scene.lines.slice(0, n).forEach(function (l) {
      lights[lit(l)] = true;
      l.outs.forEach(function (o) { seen[o.name] = o; });
    });
    function arrow(name, x1, x2, y) {
      var d = x2 > x1 ? 6 : -6;
      return '<path class="' + (/^back/.test(name) ? "backward" : "forward") + (lights[name] ? " on" : "") + (now === name ? " lit" : "") + '" d="M' + x1 + " " + y +
        "H" + x2 + "m" + -d + " -4l" + d + " 4l" + -d + ' 4"/>';
    }
    for (t = 0; t <= scene.steps; t++) {
      x = 52 + 82 * t;
      if (t < scene.steps) {
        svg += arrow("forward" + (t + 1), x + 19, x + 63, 66);
        if (t > 0) svg += arrow("backward" + (t + 1), x + 63, x + 19, 76);
      }
      svg += '<circle class="' + (t ? "" : "entering") + (seen[state + t] ? " on" : "") + '" cx="' + x + '" cy="71" r="17"/>' +
        '<text class="name" x="' + x + '" y="76">' + state + '<tspan dy="3" font-size="10">' + t + "</tspan></text>";
      if (seen[state + t]) svg += number2(seen[state + t].value, x, 105, "number");
      if (known[state + t]) svg += number2(known[state + t].value, x, known[state + t].value.length > 1 ? 33 : 46, "back");
    }
    lights.backloss = known[state + scene.steps];
    svg += arrow("loss", x + 19, x + 51, 66) + arrow("backloss", x + 51, x + 19, 76) +
      '<rect class="' + (seen.L ? "on" : "") + '" x="' + (x + 54) + '" y="56" width="34" height="30" rx="5"/><text class="name" x="' + (x + 71) +
      '" y="76">L</text>' + (seen.L ? number2(seen.L.value, x + 71, 105, "number") : "");
    return '<svg class="chain" viewBox="0 0 ' + (x + 96) + ' 140" role="img" aria-label="The states of the window">' +
      '<path class="cut" d="M20 20V122"/><text class="cutname" x="20" y="136">cut</text>' +
      '<text class="cutname" x="' + (x + 71) + '" y="136">loss</text>' + svg +
      '<text class="legend back" x="30" y="14">adjoints, backward</text><text class="legend number" x="150" y="14">values, forward</text></svg>';
  }

  function windowScene(id, tab, title, lead, whys, start, end) {
    var scene = TEACH[id];
    return {
      id: id, tab: tab, step: "Line", first: 0,
      whys: whys,
      last: function () { return scene.lines.length; },
      html: function (_, n) {
        return "<h2>" + title + "</h2><p>" + lead + "</p>" + givens(scene) + '<div class="sticky">' + chain(scene, n) + "</div>" +
          (n ? "" : '<p class="now note">' + start + "</p>") + lines(scene, n, whys) +
          (n === scene.lines.length ? '<p class="note end">' + end + "</p>" : "") + spec(scene, n);
      }
    };
  }

  var scalarWhys = [
    "The spec's line, with the state that enters the window. It is a constant here: its value goes in, and no gradient will go out.",
    "The same function, two places further. Nothing is recorded on the way: the code that goes back is written already.",
    "The window's last step.",
    "With <code>loss = \"last\"</code> only the newest step counts. Its weight is the adjoint to begin with, " + symbol("x3_") + ".",
    "Going back. " + symbol("x2") + " was used once, in step 3, as " + formula("w * x2", false) + "; so its adjoint is <i>w</i> times that of " +
      symbol("x3") + ". The function stores, it does not add: nothing of an earlier window can be left here.",
    "The same again. For " + symbol("x0") + " nothing is computed: this is where the window is cut, <i>k</i><sub>2</sub> steps back.",
    "<i>w</i> was used in every step. Step 3 adds the adjoint of its result times what it multiplied.",
    "The other two steps, in one call: nothing in the recurrence waits for these products, so they stand behind it, for all steps at once.",
    "The sum is the gradient of this window's loss, with the state that enters held constant. <code>tapeless grad</code> and " +
      "<code>tapeless jacobian</code> say the same, by rules that were written apart."
  ];
  var elmanWhys = [
    "What does not wait for the state comes first, for all steps of the window at once: one product in place of three.",
    "The recurrence: only this has to wait. The state that enters was left by an earlier step, and is a constant.",
    "The step's state, stored where the next step reads it.",
    "Step 2. The same function with other places.", "The second state.",
    "Step 3.", "The newest state.",
    "The output, of the newest step alone, for only that counts.",
    "One loop writes two things: the error, which is needed on the way back, and the loss.",
    "Backward begins: the loss's derivative by the output, times \u03bb, what this loss counts.",
    "A gradient: <i>c</i> was added once, so it is a copy.",
    "Back through the head: the newest state's adjoint. All that " + symbol("h3") + " did in this window was to be read by the head.",
    "A gradient of the head, an outer product.",
    "Through tanh, whose derivative is made of its result. Nothing else of the forward sweep need be kept.",
    "Through <i>U</i>, transposed, into the step before. The call stores.",
    "Step 2 has no loss of its own. All its credit comes from step 3.",
    "And one step further back.",
    "Step 1. Its adjoint goes no further: the state that entered is where the window is cut.",
    "Parameters were used in every step. Their gradients are sums over the steps, at once and behind the recurrence.",
    "With <i>U</i>, the outer products of adjoints and states; the first has the state that entered: a constant may be a factor.",
    "And <i>W</i> with the inputs. These five are the gradient; the interpreter of <code>tapeless grad</code> agrees."
  ];

  // ---- TBPTT(k1, k2): which window, which loss ----

  function windowsOptions(options) {
    var o = (options || "1.3.last").split(".");
    return { k1: o[0], k2: o[1], loss: o[2], updates: TEACH.windows.runs[o.join(".")] };
  }

  function counts(o, update, t) {
    if (t < update.first || t > update.last) return false;
    if (o.loss === "all") return true;
    return o.loss === "last" ? t === update.last : t > update.last - update.new;
  }

  function choice(o, name, values, label) {
    return '<span class="choice"><span>' + label + "</span>" + values.map(function (v) {
      var to = { k1: o.k1, k2: o.k2, loss: o.loss };
      to[name] = v;
      return '<a href="#windows.' + to.k1 + "." + to.k2 + "." + to.loss + '-1"' + (String(v) === o[name] ? ' aria-current="true"' : "") + ">" + v + "</a>";
    }).join("") + "</span>";
  }

  function overview(o, n) {
    var head = "<th>after</th>", t, body = "";
    for (t = 1; t <= TEACH.windows.length; t++) head += "<th>" + t + "</th>";
    o.updates.forEach(function (u, i) {
      body += '<tr class="' + (i === n - 1 ? "picked" : "") + '"><th><a href="#windows.' + [o.k1, o.k2, o.loss].join(".") + "-" + (i + 1) +
        '">' + u.last + "</a></th>";
      for (t = 1; t <= TEACH.windows.length; t++)
        body += '<td class="' + (t === u.first ? "first " : "") + (counts(o, u, t) ? "counts" : t >= u.first && t <= u.last ? "inside" : "") + '"></td>';
      body += "</tr>";
    });
    return '<div class="overview"><table><thead><tr>' + head + "</tr></thead><tbody>" + body + "</tbody></table>" +
      '<p class="key"><span class="cell counts"></span> counts <span class="cell inside"></span> in the window ' +
      '<span class="cell first"></span> the cut</p></div>';
  }

  function detail(o, u) {
    var cells = { t: "", loss: "", x: "", a: "", g: "" }, i, t;
    for (t = u.first; t <= u.last; t++) {
      i = t - u.first;
      cells.t += "<th>" + t + "</th>";
      cells.loss += "<td>" + (counts(o, u, t) ? "\u25cf" : "") + "</td>";
      cells.x += "<td>" + number(u.x[i + 1]) + "</td>";
      cells.a += "<td>" + number(u.adjoints[i]) + "</td>";
      cells.g += "<td>" + number(u.adjoints[i] * u.x[i]) + "</td>";
    }
    return '<div class="wide"><table class="detail"><thead><tr><th>step <i>t</i></th>' + cells.t + "</tr></thead><tbody>" +
      "<tr><th>its loss counts</th>" + cells.loss + "</tr>" +
      '<tr class="forward"><th>' + symbol("x").replace("</i>", "</i><sub>t</sub>") + " = <i>w</i> <i>x</i><sub>t\u22121</sub> \u2192</th>" + cells.x + "</tr>" +
      '<tr class="backward"><th>\u2190 adjoint <i class="bar">x</i><sub>t</sub></th>' + cells.a + "</tr>" +
      "<tr><th>adds " + '<i class="bar">x</i><sub>t</sub> <i>x</i><sub>t\u22121</sub></th>' + cells.g + "</tr></tbody></table></div>";
  }

  function steps(from, to) { return from === to ? "step " + from : "steps " + from + " to " + to; }

  function windowsText(o, u) {
    var counted = [], t, text;
    for (t = u.first; t <= u.last; t++) if (counts(o, u, t)) counted.push(t);
    text = "After step " + u.last + " the window is <b>" + steps(u.first, u.last) + "</b>. " + symbol("x" + (u.first - 1)) + " = " +
      number(u.x[0]) + " enters it as a constant. New since the last update: " + steps(u.last - u.new + 1, u.last) + ". The loss is " +
      counted.map(function (s) { return symbol("x" + s); }).join(" + ") + ".";
    if (u.new > u.last - u.first + 1) text += " The new steps before the window are run forward only, for <i>k</i><sub>2</sub> &lt; <i>k</i><sub>1</sub>.";
    return text + ' The gradient is <strong class="result">' + number(u.gradient) + "</strong>.";
  }

  var windows = {
    id: "windows", tab: "TBPTT(k\u2081, k\u2082)", step: "Update", first: 1,
    last: function (options) { return windowsOptions(options).updates.length; },
    html: function (options, n) {
      var o = windowsOptions(options), u = o.updates[n - 1];
      return "<h2>TBPTT(<i>k</i><sub>1</sub>, <i>k</i><sub>2</sub>)</h2><p>A stream of steps, each handing its state to the next: here " +
        "<i>x</i><sub>t</sub> = <i>w</i> <i>x</i><sub>t\u22121</sub>, and the loss of a step is its <i>x</i><sub>t</sub>. After every " +
        "<i>k</i><sub>1</sub> steps there is an update, for which the gradient goes back through the last <i>k</i><sub>2</sub>. " +
        "A row is an update; the weights stand still, so that you can check it on paper.</p>" +
        '<p class="choices">' + choice(o, "k1", TEACH.windows.k1, "<i>k</i><sub>1</sub>") + choice(o, "k2", TEACH.windows.k2, "<i>k</i><sub>2</sub>") +
        choice(o, "loss", TEACH.windows.loss, "loss") + "</p>" + overview(o, n) +
        '<p class="now note">' + windowsText(o, u) + "</p>" + detail(o, u) +
        "<p><b>new</b>: each step of the stream counts once. <b>last</b>: the newest alone. <b>all</b>: every step of the window. " +
        'An adjoint <i class="bar">x</i><sub>t</sub> is the derivative of the loss by <i>x</i><sub>t</sub>: 1 where its own loss counts, and ' +
        "<i>w</i> times that of the next.</p>";
    }
  };

  // ---- adjoints of an earlier window, added to this one's ----

  var loop = [
    "for t in range(3):", "    state = x.detach().requires_grad_()", "    x = w * state", "    steps.append((state, x))",
    "    w.grad, adjoint = None, torch.tensor(1.0)", "    for state, next_state in reversed(steps[-3:]):", "        if clear: state.grad = None",
    "        next_state.backward(adjoint, retain_graph=True)", "        adjoint = state.grad"
  ];

  function sum(terms) {
    return terms.length > 1 ? terms.join(" + ") + " = " : "";
  }

  // One side: the adjoints of a window, newest first. `at.known` of them are there, `at.through` steps were gone back through;
  // earlier: what older windows left, by step.
  function side(window, list, earlier, at, title, result, kind) {
    var html = "", terms = [], i, t, age, text;
    for (i = list.length - 1; i >= 0; i--) {
      t = window.first + i;
      age = list.length - i;
      text = age <= at.known ? number(list[i]) : "\u00b7";
      if (age <= at.known && earlier[t]) text = "<em>" + number(earlier[t]) + "</em> + " + number(list[i] - earlier[t]) + " = " + text;
      html += '<tr class="' + (age === at.known ? "now" : "") + '"><th>' + symbol("x" + t + "_") + "</th><td>" + text + "</td><td>" +
        (age <= at.through ? symbol("x" + t + "_") + " " + symbol("x" + (t - 1)) + " = " + number(list[i] * window.x[i]) : "") + "</td></tr>";
      terms.push(number(list[i] * window.x[i]));
    }
    return '<div class="panel ' + kind + '"><h3>' + title + "</h3><table>" + html + "</table>" +
      (at.through >= list.length ? "<p>gradient " + sum(terms) + '<strong class="result">' + number(result) + "</strong></p>" : "") + "</div>";
  }

  var leakTexts = [
    "The loop that many have written by hand: detach at every step, keep the last <i>k</i><sub>2</sub> pairs, go back through them. " +
      "One line of it is easily missing. Press \u2192 for the three windows.",
    "After step 1. Nothing has been kept yet, and both are right.",
    "After step 2. Still both are right. But <code>state.grad</code> of " + symbol("x1") + " now has a number in it, and the pair stays in the list.",
    "After step 3, back through step 3: the state that entered it is new, and its <code>.grad</code> was empty.",
    "Back through step 2: <code>backward</code> <em>adds</em> to <code>.grad</code>, and what the window before left there is in it still.",
    "Back through step 1: it multiplies the wrong adjoint.",
    "<code>zero_grad()</code> does not help: it clears parameters, not states. In the C of tapeless there is nothing to clear: the first " +
      "contribution to an adjoint is <b>stored</b>, <code>y0[0] = v1 * v2</code>, later ones are added; so what a window leaves cannot reach the next."
  ];

  function leakStep(n) { // which window; how many of its adjoints are there, and of its steps are done with
    if (n < 3) return { window: Math.max(n, 1) - 1, known: n, through: n };
    return { window: 2, known: Math.min(n - 1, 3), through: Math.min(n - 2, 3) };
  }

  function left(windows, k) { // adjoints that the windows before k left, by step
    var kept = {}, w, i;
    for (w = 0; w < k; w++)
      for (i = 0; i + 1 < windows[w].leaked.length; i++) kept[windows[w].first + i] = windows[w].leaked[i];
    return kept;
  }

  var leak = {
    id: "leak", tab: "A leak", step: "Step", first: 0, texts: leakTexts,
    last: function () { return leakTexts.length - 1; },
    html: function (_, n) {
      var windows = TEACH.leak.windows, s = leakStep(n), w = windows[s.window], right = w.adjoints, end = windows[2];
      return "<h2>" + number(end.wrong) + " where " + number(end.gradient) + " is right</h2>" +
        '<p class="now note">' + leakTexts[n] + "</p>" +
        (n ? "<h3>The window after step " + w.last + "</h3>" +
          '<div class="panels">' + side(w, right, {}, s, "cleared", w.gradient, "right") +
          side(w, w.leaked, left(windows, s.window), s, "not cleared", w.wrong, "wrong") + "</div>" : "") +
        "<pre><code>" + loop.map(function (l) {
          return l.indexOf("clear") > 0 ? "<mark>" + escaped(l) + "</mark>" : escaped(l);
        }).join("\n") + "</code></pre>";
    }
  };

  // ---- RTRL beside TBPTT ----

  function carried(step) {
    var html = "";
    step.lines.forEach(function (l) {
      html += '<li class="done"><code class="c">' + escaped(l.c) + '</code><div class="outs">' + l.outs.map(function (o) {
        return '<span class="formula">' + symbol(o.name, true) + " " + (o.name === "w_" && /w_/.test(o.formula) ? "+" : "") + "= " +
          formula(o.formula.replace("w_ + ", ""), false, true) + '</span><span class="value">' + number(o.value[0]) + '</span><span class="adjoint"></span>';
      }).join("") + "</div></li>";
    });
    return '<ol class="lines">' + html + "</ol>";
  }

  function gradients(n) {
    var head = "", a = "", b = "", t, s;
    for (t = 1; t <= TEACH.rtrl.steps.length; t++) {
      s = TEACH.rtrl.steps[t - 1];
      head += "<th>" + t + "</th>";
      a += "<td>" + (t <= n ? number(s.tbptt.gradient) : "") + "</td>";
      b += '<td class="' + (t <= n && number(s.gradient) !== number(s.tbptt.gradient) ? "differs" : "") + '">' + (t <= n ? number(s.gradient) : "") + "</td>";
    }
    return '<div class="wide"><table class="detail"><thead><tr><th>gradient after step</th>' + head + "</tr></thead><tbody><tr><th>TBPTT(1, 3)</th>" + a +
      "</tr><tr><th>RTRL</th>" + b + "</tr></tbody></table></div>";
  }

  var rtrl = {
    id: "rtrl", tab: "RTRL", step: "Step", first: 1,
    last: function () { return TEACH.rtrl.steps.length; },
    html: function (_, n) {
      var s = TEACH.rtrl.steps[n - 1], u = s.tbptt, differs = number(s.gradient) !== number(u.gradient);
      return "<h2>Forward instead: RTRL</h2><p>Real-time recurrent learning goes nowhere back. Beside the state it carries how the parameter " +
        "has moved it, <i>S</i><sub>t</sub> = d<i>x</i><sub>t</sub>/d<i>w</i>, from step to step. Nothing is cut; and a step costs as many times more as " +
        "there are parameters, where a window costs <i>k</i><sub>2</sub> steps. Here both learn <i>x</i><sub>t</sub> = <i>w</i> <i>x</i><sub>t\u22121</sub>.</p>" +
        '<p class="now note">Step ' + n + ". " + (differs ? "The window is full: TBPTT no longer sees what <i>w</i> did to " + symbol("x" + (u.first - 1)) +
          " before it entered. RTRL has it in <i>S</i>." : "Both see every step that there was, and agree.") + "</p>" + gradients(n) +
        '<div class="panels"><div class="panel"><h3>TBPTT(1, 3): back through ' + steps(u.last, u.first) + "</h3>" + back(u) +
        "<p>Kept: the states of the window.</p></div>" +
        '<div class="panel"><h3>RTRL: the C of a step</h3>' + carried(s) + "<p>Kept: <i>x</i> and <i>S</i>, however long the memory. " +
        "<code>tapeless train --learn rtrl</code></p></div></div>";
    }
  };

  function back(u) {
    var html = "", terms = [], i, t;
    for (i = u.adjoints.length - 1; i >= 0; i--) {
      t = u.first + i;
      html += "<tr><th>" + symbol("x" + t + "_") + "</th><td>" + number(u.adjoints[i]) + "</td><td>" + symbol("x" + t + "_") + " " + symbol("x" + (t - 1)) +
        " = " + number(u.adjoints[i] * u.x[i]) + "</td></tr>";
      terms.push(number(u.adjoints[i] * u.x[i]));
    }
    return "<table>" + html + "</table><p>gradient " + sum(terms) + '<strong class="result">' + number(u.gradient) + "</strong></p>";
  }

  // ---- all of them ----

  var all = [
    windows,
    windowScene("scalar", "Line by line", "One window, line by line",
      "A window of three steps, of the model that can be checked on paper. A line is a call in the C that tapeless has written; beside it what it " +
      "computes and, once the backward sweep has been there, its adjoint: the derivative of the loss by it.", scalarWhys,
      "Given are the weight, the state that enters, and what the loss of the newest step counts. Press \u2192, or Next.",
      "That is all that a window does: no tape, no graph, no allocation. Next: a cell of two units."),
    windowScene("elman", "Two units", "An Elman cell of two units",
      "<i>h</i>\u2032 = tanh(<i>W x</i> + <i>U h</i> + <i>b</i>), <i>y</i> = <i>V h</i>\u2032 + <i>c</i>, the loss (<i>y</i> \u2212 <i>d</i>)\u00b2 of the newest of three steps.", elmanWhys,
      "Given are the parameters, the state that enters, the inputs <i>u</i> of the three steps and the newest step's target <i>d</i>. Press \u2192.",
      "Five gradients, one sweep. Next: what goes wrong when this is written by hand."),
    leak, rtrl
  ];

  function find(id) {
    return all.filter(function (s) { return s.id === id; })[0];
  }

  function read(hash) {
    var parts = /^#?([a-z]+)((?:\.\w+)*)(?:-(\d+))?$/.exec(hash || ""), scene = parts && find(parts[1]) || all[0];
    var options = scene === windows && parts ? parts[2].slice(1) : "";
    if (options && !TEACH.windows.runs[options]) options = "";
    var step = parts && parts[3] ? Number(parts[3]) : scene.first;
    return { scene: scene.id, options: options, step: Math.max(scene.first, Math.min(step, scene.last(options))) };
  }

  function address(at) {
    return at.scene + (at.options ? "." + at.options : "") + "-" + at.step;
  }

  // The step before or behind, of the neighbouring scene at either end; null where there is none.
  function moved(at, by) {
    var scene = find(at.scene), step = at.step + by, other = all[all.indexOf(scene) + by];
    if (step >= scene.first && step <= scene.last(at.options)) return { scene: at.scene, options: at.options, step: step };
    return other ? { scene: other.id, options: "", step: by > 0 ? other.first : other.last("") } : null;
  }

  function tabs(at) {
    return all.map(function (s) {
      return '<a href="#' + s.id + "-" + s.first + '"' + (s.id === at.scene ? ' aria-current="page"' : "") + ">" + s.tab + "</a>";
    }).join("");
  }

  return { all: all, scene: find, read: read, address: address, moved: moved, tabs: tabs };
})();

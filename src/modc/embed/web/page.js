/** Shows a model: a card per method, with a field per input, and a row per member. */
function show(state, model) {
  const made = (tag, set = {}, ...inside) => {
    const found = Object.assign(document.createElement(tag), set);
    found.append(...inside);
    return found;
  };
  const isNumber = (one) => one.sizes.length === 0;
  const typeText = (one) => one.dtype + one.sizes.map((size, axis) => (one.open.includes(axis) ? `[up to ${size}]` : `[${size}]`)).join("");
  const digits = (value) => (typeof value === "number" ? String(+value.toPrecision(7)) : String(value));

  // Values as text, and back

  function text(one, value) {
    if (isNumber(one)) return digits(value);
    const last = value.shape ? value.shape.at(-1) : value.length, shown = Math.min(value.length, 256);
    let line = "";
    for (let i = 0; i < shown; i++) line += digits(value[i]) + (i + 1 < shown ? ((i + 1) % last ? ", " : "\n") : "");
    return line + (shown < value.length ? ` ... (${value.length} in all)` : "");
  }

  const parse = (one, word) => {
    if (one.dtype === "bool") return /^(true|1)$/i.test(word);
    if (word === "") throw new TypeError(`${one.key} needs a value`);
    return one.dtype.endsWith("int64") ? BigInt(word) : Number(word);
  };

  function value(one, field) {
    if (isNumber(one)) return field.type === "checkbox" ? field.checked : parse(one, field.value.trim());
    const rows = field.value.trim().split(/\n|;/).map((row) => row.split(/[\s,]+/).filter(Boolean).map((word) => parse(one, word)));
    const flat = rows.flat();
    if (one.sizes.length === 2 && one.open.length > 1) Object.assign(flat, { shape: [rows.length, rows[0].length] });
    return flat;
  }

  function field(one, start) {
    if (!isNumber(one)) return made("textarea", { value: start, spellcheck: false, rows: Math.min(6, start.split("\n").length) });
    if (one.dtype === "bool") return made("input", { type: "checkbox", checked: start === "true" });
    return made("input", { type: "text", inputMode: "decimal", value: start, autocomplete: "off" });
  }

  const zeros = (one) => {
    if (isNumber(one)) return "0";
    const sizes = one.sizes.map((size, axis) => (one.open.includes(axis) ? Math.min(size, 4) : size)), last = sizes.at(-1);
    const count = sizes.reduce((product, size) => product * size, 1);
    return Array.from({ length: count }, (_, i) => "0" + (i + 1 < count ? ((i + 1) % last ? ", " : "\n") : "")).join("");
  };

  // Rows

  const named = (one) => made("label", { title: one.doc }, one.key, made("small", {}, [one.unit, typeText(one)].filter(Boolean).join(" · ")));

  /** A trace of a number's last values. */
  function trace() {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), seen = [];
    const line = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "polyline"));
    svg.setAttribute("class", "trace");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("viewBox", "0 0 120 24");
    const add = (number) => {
      if (!Number.isFinite(Number(number))) return;
      seen.push(Number(number));
      if (seen.length > 120) seen.shift();
      const low = Math.min(...seen), span = Math.max(...seen) - low || 1;
      svg.style.visibility = seen.every((one) => one === seen[0]) ? "hidden" : "visible";
      line.setAttribute("points", seen.map((y, x) => `${x},${22 - (20 * (y - low)) / span}`).join(" "));
    };
    return { svg, add };
  }

  /** A large array as a strip of shades, from its smallest value to its largest. */
  function strip() {
    const canvas = made("canvas", { className: "strip" });
    const draw = (numbers) => {
      const rows = numbers.shape?.[0] ?? 1, columns = Math.max(1, Math.round(numbers.length / Math.max(rows, 1)));
      if (numbers.length === 0 || rows > 2048 || columns > 4096) return;
      Object.assign(canvas, { width: columns, height: rows });
      canvas.style.height = `${Math.min(160, Math.max(28, rows * 4))}px`;
      const image = new ImageData(columns, rows), all = Array.from(numbers, Number);
      const low = all.reduce((a, b) => Math.min(a, b), Infinity), span = all.reduce((a, b) => Math.max(a, b), -Infinity) - low || 1;
      all.forEach((number, i) => image.data.set([47, 111, 237, Math.round(20 + (235 * (number - low)) / span)], 4 * i));
      canvas.getContext("2d").putImageData(image, 0, 0);
    };
    return { canvas, draw };
  }

  function result(one) {
    const out = made("output", { value: "–" });
    out.dataset.key = one.key;
    if (isNumber(one)) {
      const line = trace();
      return { row: made("div", { className: "row" }, named(one), out, line.svg), set: (got) => { out.value = digits(got); line.add(got); } };
    }
    const shades = strip();
    out.className = "wide";
    const row = made("div", { className: "row" }, named(one), made("div", { className: "wide" }, shades.canvas, out));
    return { row, set: (got) => { out.value = text(one, got); shades.draw(got); } };
  }

  // Members

  const refresh = [];
  const members = document.getElementById("members");

  function member(one) {
    const shown = text(one, state[one.name]), large = !isNumber(one) && state[one.name].length > 64;
    const error = made("p", { className: "error" });
    const input = field(one, shown);
    input.dataset.key = one.key;
    input.setAttribute("aria-label", one.key);
    input.disabled = one.constant || large;
    input.addEventListener("change", () => {
      error.textContent = "";
      try { state[one.name] = value(one, input); } catch (reason) { error.textContent = reason.message; }
      update();
    });
    const set = (got) => {
      if (document.activeElement === input) return;
      if (input.type === "checkbox") input.checked = got; else input.value = text(one, got);
    };
    if (isNumber(one)) {
      const line = trace();
      members.append(made("div", { className: "row" }, named(one), made("div", {}, input, error), line.svg));
      refresh.push(() => { const got = state[one.name]; set(got); if (!one.constant) line.add(got); });
    } else {
      const shades = strip();
      const inside = large ? made("details", {}, made("summary", {}, "numbers"), input) : input;
      members.append(made("div", { className: "row" }, named(one), made("div", { className: "wide" }, shades.canvas, inside, error)));
      refresh.push(() => { const got = state[one.name]; set(got); shades.draw(got); });
    }
  }

  const update = () => refresh.forEach((one) => one());

  // Methods

  function method(one) {
    const rows = made("div"), error = made("p", { className: "error" });
    const fields = one.inputs.map((input) => {
      const found = field(input, zeros(input));
      found.dataset.key = `${one.key}.${input.key}`;
      found.setAttribute("aria-label", input.key);
      rows.append(made("div", { className: "row" }, named(input), made("div", { className: "wide" }, found)));
      return found;
    });
    const results = one.outputs.map(result);
    const call = () => {
      error.textContent = "";
      try {
        const got = state[one.name](...one.inputs.map((input, at) => value(input, fields[at])));
        if (one.result !== "none") (one.result === "one" ? [got] : got).forEach((part, at) => results[at].set(part));
      } catch (reason) {
        error.textContent = reason.message;
        again.checked = false;
      }
      update();
    };
    const again = made("input", { type: "checkbox" });
    const frame = () => { if (again.checked) { call(); requestAnimationFrame(frame); } };
    again.addEventListener("change", frame);
    const button = made("button", { type: "button", className: "main", onclick: call }, `${one.key}()`);
    button.dataset.key = one.key;
    const doing = made("div", { className: "doing" }, button, made("label", {}, again, "every frame"));
    document.getElementById("methods").append(
      made("div", { className: "card" }, made("h2", {}, one.key), made("p", { className: "doc" }, one.doc), rows, doing, error, ...results.map((each) => each.row)),
    );
  }

  const methods = model.methods.length;
  document.getElementById("about").textContent =
    `${methods} method${methods === 1 ? "" : "s"}, ${model.members.length} members, ${model.stateBytes} bytes of state, compiled to WebAssembly.`;
  document.getElementById("reset").addEventListener("click", () => { state.reset(); update(); });
  model.methods.forEach(method);
  model.members.forEach(member);
  update();
}

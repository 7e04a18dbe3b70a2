// Reads and writes the answer of a question, whatever its kind; an order becomes a list with arrows.
const ARROW = { up: "M12 19V5M5 12l7-7 7 7", down: "M12 5v14M5 12l7 7 7-7" };

export function field(box) {
  const kind = box.dataset.kind;
  if (kind === "fill" || kind === "numeric") return written(box.querySelector(".written input"));
  if (kind === "order" || kind === "match") return placed(box.querySelector(".slots"));
  if (kind === "case") return parts([...box.querySelectorAll("[data-part]")].map(choice));
  return choice(box.querySelector(".options"));
}

function written(input) {
  return { read: () => input.value.trim(), write: (text) => { if (input.value.trim() !== text) input.value = text || ""; }, whole: () => input.value.trim() !== "" };
}

function choice(box) {
  const inputs = [...box.querySelectorAll("input")];
  const read = () => inputs.filter((one) => one.checked).map((one) => Number(one.value));
  return { read, write: (chosen) => { for (const one of inputs) one.checked = chosen.includes(Number(one.value)); }, whole: () => read().length > 0 };
}

function parts(choices) {
  const read = () => { const all = choices.map((one) => one.read()); return all.some((one) => one.length) ? all : []; };
  return { read, write: (chosen) => choices.forEach((one, n) => one.write(chosen[n] ?? [])), whole: () => choices.every((one) => one.whole()) };
}

function placed(box) {
  const selects = [...box.querySelectorAll("select")];
  const values = () => selects.map((one) => Number(one.value));
  const read = () => (values().every((one) => one < 0) ? [] : values());
  const list = "ordering" in box.dataset ? ordering(box, selects) : null;
  const write = (chosen) => { selects.forEach((one, n) => { one.value = String(chosen[n] ?? -1); }); list?.(); };
  return { read, write, whole: () => values().every((one) => one >= 0) };
}

function ordering(box, selects) {
  const texts = [...selects[0].options].slice(1).map((one) => one.textContent), words = box.dataset;
  const list = document.createElement("ol"), keep = document.createElement("button"), said = document.createElement("p");
  list.className = "ordering";
  Object.assign(keep, { type: "button", className: "button", textContent: words.sayKeep });
  Object.assign(said, { className: "hidden" });
  said.setAttribute("role", "status");
  box.classList.add("moving");
  box.append(list, keep, said);
  let order = [];
  const settle = () => {
    order.forEach((at, n) => { selects[n].value = String(at); });
    selects[0].dispatchEvent(new Event("change", { bubbles: true }));
  };
  const move = (from, to, way) => {
    const [at] = order.splice(from, 1);
    order.splice(to, 0, at);
    settle();
    draw(true);
    const row = list.children[to], same = row.querySelector(`[data-way=${way}]`);
    (same.disabled ? row.querySelector("button:not([disabled])") : same).focus();
    said.textContent = words.sayMoved.replace("{text}", texts[at]).replace("{n}", to + 1);
  };
  const arrow = (n, way, to) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", disabled: to < 0 || to >= order.length });
    button.dataset.way = way;
    button.setAttribute("aria-label", (way === "up" ? words.sayUp : words.sayDown).replace("{text}", texts[order[n]]));
    button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ARROW[way]}"/></svg>`;
    button.addEventListener("click", () => move(n, to, way));
    return button;
  };
  const draw = (set) => {
    list.classList.toggle("set", set);
    keep.hidden = set;
    list.replaceChildren(...order.map((at, n) => {
      const row = document.createElement("li"), number = document.createElement("i"), text = document.createElement("span");
      number.textContent = n + 1;
      text.textContent = texts[at];
      row.append(number, text, arrow(n, "up", n - 1), arrow(n, "down", n + 1));
      return row;
    }));
  };
  const take = () => {
    const saved = selects.map((one) => Number(one.value)), whole = new Set(saved).size === saved.length && !saved.includes(-1);
    order = whole ? saved : texts.map((_, n) => n);
    draw(whole);
  };
  keep.addEventListener("click", () => { settle(); draw(true); list.querySelector("button:not([disabled])").focus(); });
  take();
  return take;
}

// Shows the tray only while rows are chosen, counts them, and says how many of them already have a password.
for (const form of document.querySelectorAll("form[data-tray]")) {
  const bar = form.querySelector("[data-tray-bar]");
  const all = form.querySelector("[data-choose-all]");
  const clear = form.querySelector("[data-clear]");
  const words = form.querySelector("[data-chosen-words]");
  const reset = form.querySelector("[data-reset]");
  const boxes = [...form.querySelectorAll('tbody input[type="checkbox"]')];
  const show = () => {
    const chosen = boxes.filter((box) => box.checked);
    const active = new Set(chosen.filter((box) => box.dataset.account === "active").map((box) => box.value)).size;
    bar.hidden = chosen.length === 0;
    words.textContent = words.dataset.chosenWords.replace("%n", new Set(chosen.map((box) => box.value)).size);
    reset.textContent = active ? reset.dataset.resetWords.replace("%n", active) : "";
    all.checked = chosen.length === boxes.length;
    all.indeterminate = chosen.length > 0 && !all.checked;
  };
  all.hidden = clear.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  form.addEventListener("change", show);
  form.addEventListener("reset", () => setTimeout(show));
  show();
}

// While a form is being answered: says so, and keeps its buttons from being pressed twice.
for (const form of document.querySelectorAll("form[data-working]")) {
  const words = form.querySelector("[data-working-words]");
  const buttons = [...form.querySelectorAll("button")];
  form.addEventListener("submit", () => {
    if (words) words.textContent = words.dataset.workingWords;
    for (const button of buttons) button.setAttribute("aria-disabled", "true");
  });
  form.addEventListener("click", (event) => {
    if (event.target.closest('button[aria-disabled="true"]')) event.preventDefault();
  });
  addEventListener("pageshow", () => {
    if (words) words.textContent = "";
    for (const button of buttons) button.removeAttribute("aria-disabled");
  });
}

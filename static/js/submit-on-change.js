// Sends a filter form as soon as one of its fields changes; its button is only for those without script.
for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
  form.addEventListener("change", (event) => {
    if (event.target.matches("select")) form.requestSubmit();
  });
}

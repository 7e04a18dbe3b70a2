// Asks whether somebody is still there, and gives the word that was tapped.
export function asking(dialog) {
  const words = Object.fromEntries(dialog.querySelector("[data-words]").dataset.words.split(";").map((pair) => pair.split("=")));
  const text = dialog.querySelector("[data-ask]"), place = dialog.querySelector("[data-options]");
  const option = dialog.querySelector("[data-option]");
  const title = document.title;
  dialog.addEventListener("cancel", (event) => event.preventDefault());

  function ask(check) {
    const form = check.lost ? text.dataset.lost : check.again ? text.dataset.again : text.dataset.ask;
    text.textContent = form.replace("{word}", words[check.word]);
    document.title = `● ${dialog.querySelector("h2").textContent}`;
    return new Promise((tapped) => {
      place.replaceChildren(...check.options.map((word) => {
        const button = option.content.firstElementChild.cloneNode(true);
        button.textContent = words[word];
        button.addEventListener("click", () => tapped(word));
        return button;
      }));
      if (!dialog.open) dialog.showModal();
    });
  }
  ask.close = () => { document.title = title; if (dialog.open) dialog.close(); };
  return ask;
}

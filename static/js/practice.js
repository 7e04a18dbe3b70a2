// Turns a question to put in order into a list with arrows; everything else is plain form fields.
const form = document.querySelector("[data-practice]");
const { field } = await import(form.dataset.answers);
field(form.querySelector("[data-question]"));

// What pages gain where JavaScript runs. Every page works without: this file only saves steps.
"use strict";

const focusable = "input:not([type=hidden]), select, textarea, button, a[href]";

// A refused form: the reader starts at the summary, and a link of the summary ends in the field,
// for a group of choices in its first choice.

function focusErrorSummary() {
  document.querySelector("[data-error-summary]")?.focus();
}

function followSummaryLink(event) {
  const link = event.target.closest("[data-error-summary] a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  const field = target.matches("fieldset") ? target.querySelector(focusable) : target;
  (target.closest(".pp-field") ?? target).scrollIntoView({ block: "start" });
  field?.focus({ preventScroll: true });
}

// A form is sent once: a second press while the first is under way does nothing. A download leaves
// the page standing, so after a while the form may be sent again.

const underWay = new Set();
const sentAgainAfter = 10000;

function sendOnce(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (underWay.has(form)) {
    event.preventDefault();
    return;
  }
  underWay.add(form);
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(allowSendingAgain, sentAgainAfter);
}

function allowSendingAgain() {
  underWay.clear();
  document.querySelectorAll("button[aria-disabled]").forEach((button) => {
    button.removeAttribute("aria-disabled");
  });
}

// A longer text that was typed and not sent is not left behind without a question. Drafts save
// themselves; after a refusal all that stands in the form is still to be sent.

const sent = new WeakSet();

function noteSending(event) {
  if (!event.defaultPrevented) sent.add(event.target);
}

function askBeforeLeaving(event) {
  const refused = document.querySelector("[data-error-summary]");
  const texts = [...document.querySelectorAll("form[method=post]:not([data-autosave]) textarea")];
  const unsent = (text) =>
    !sent.has(text.form) && text.value.trim() && (refused || text.value !== text.defaultValue);
  if (texts.some(unsent)) event.preventDefault();
}

// A text that is shown once can be copied by a press: `data-copy` names its field.

function offerCopying(place) {
  const field = document.getElementById(place.dataset.copy);
  if (!navigator.clipboard) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "usa-button usa-button--outline pp-button";
  button.textContent = "Copy the link";
  const news = document.createElement("span");
  news.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      news.textContent = "Copied.";
    } catch {
      field.select();
      news.textContent = "It could not be copied. It is selected: copy it by hand.";
    }
  });
  place.append(button, news);
}

// How much room is left in a text.

function roomLeft(length, longest) {
  const left = longest - length;
  const count = Math.abs(left).toLocaleString("en-US");
  const noun = Math.abs(left) === 1 ? "character" : "characters";
  return left < 0 ? `You have ${count} ${noun} too many.` : `You have ${count} ${noun} left.`;
}

function countCharacters(group) {
  const longest = Number(group.dataset.count);
  // Code points, as the server counts: an emoji is one character.
  const length = [...group.querySelector("textarea").value].length;
  const words = group.querySelector("[data-count-words]");
  words.textContent = roomLeft(length, longest);
  words.classList.toggle("pp-count--over", length > longest);
}

// Fields that matter only for some answers.

function answersTo(name, form) {
  const fields = [...form.elements].filter((field) => field.name === name);
  const given = fields.filter((field) => !/radio|checkbox/.test(field.type) || field.checked);
  return given.map((field) => field.value);
}

function showWhatApplies(root = document) {
  root.querySelectorAll("[data-shown-when]").forEach((part) => {
    const form = part.closest("form");
    if (!form) return;
    const wanted = part.dataset.shownValues.split(" ");
    part.hidden = !answersTo(part.dataset.shownWhen, form).some((value) => wanted.includes(value));
  });
}

// Rows that are added and removed in the page.

function numberRows(list) {
  list.querySelectorAll("[data-row]").forEach((row, index) => {
    row.querySelectorAll("[data-row-number]").forEach((place) => {
      place.textContent = String(index + 1);
    });
  });
}

function nameOf(row) {
  return row.querySelector("legend").textContent.trim();
}

function tellAboutRows(rows, words, undo) {
  const news = rows.querySelector("[data-rows-news]");
  news.replaceChildren(words);
  if (!undo) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "usa-button pp-button pp-button--quiet";
  button.textContent = "Undo";
  button.addEventListener("click", undo, { once: true });
  news.append(" ", button);
}

function limitRows(rows) {
  const count = rows.querySelectorAll("[data-row]").length;
  const most = Number(rows.dataset.rowsMost ?? Infinity);
  rows.querySelector("[data-row-add]").hidden = count >= most;
}

function rowsChanged(rows) {
  numberRows(rows);
  limitRows(rows);
  rows.dispatchEvent(new Event("input", { bubbles: true }));
}

function addRow(rows) {
  const template = rows.querySelector("[data-row-template]");
  const index = Number(rows.dataset.rowsNext);
  rows.dataset.rowsNext = String(index + 1);
  const holder = document.createElement("div");
  holder.innerHTML = template.innerHTML.replaceAll("__index__", String(index));
  const row = holder.querySelector("[data-row]");
  rows.querySelector("[data-rows-list]").append(row);
  rowsChanged(rows);
  showWhatApplies(row);
  row.querySelector(focusable)?.focus();
  tellAboutRows(rows, `${nameOf(row)} added.`);
}

function removeRow(row) {
  const rows = row.closest("[data-rows]");
  const name = nameOf(row);
  const neighbour = row.nextElementSibling;
  const list = row.parentElement;
  row.remove();
  rowsChanged(rows);
  tellAboutRows(rows, `${name} removed.`, () => {
    list.insertBefore(row, neighbour?.parentElement === list ? neighbour : null);
    rowsChanged(rows);
    tellAboutRows(rows, `${name} is back.`);
    row.querySelector(focusable)?.focus();
  });
  rows.querySelector("[data-rows-news] button").focus();
}

function pressRowButton(event) {
  const add = event.target.closest("[data-row-add]");
  const remove = event.target.closest("[data-row-remove]");
  if (!add && !remove) return;
  event.preventDefault();
  if (add) addRow(add.closest("[data-rows]"));
  else removeRow(remove.closest("[data-row]"));
}

// After a part of the page was exchanged, the reader goes on where the new part says.

function afterExchange(event) {
  showWhatApplies(event.target);
  const next = event.target.matches("[data-focus]")
    ? event.target
    : event.target.querySelector("[data-focus]");
  next?.focus();
}

// Where an exchange was refused (somebody was signed out), the form is sent whole: the page that
// answers says why, and gives back all that was typed.

function sendWhole(event) {
  const button = event.detail.elt;
  button.form?.requestSubmit(button);
}

// On paper nothing can be opened: what is folded away is printed too, and folded again afterwards.

let unfolded = [];

function unfoldForPaper() {
  unfolded = [...document.querySelectorAll("main details:not([open], :has(form))")];
  unfolded.forEach((part) => (part.open = true));
}

function foldAgain() {
  unfolded.forEach((part) => (part.open = false));
  unfolded = [];
}

function offerPrinting() {
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
}

window.addEventListener("beforeprint", unfoldForPaper);
window.addEventListener("afterprint", foldAgain);
document.addEventListener("DOMContentLoaded", offerPrinting);
document.addEventListener("click", followSummaryLink);
document.addEventListener("click", pressRowButton);
document.addEventListener("submit", sendOnce);
document.addEventListener("submit", noteSending);
window.addEventListener("beforeunload", askBeforeLeaving);
document.addEventListener("input", (event) => {
  const group = event.target.closest("[data-count]");
  if (group) countCharacters(group);
});
document.addEventListener("change", () => showWhatApplies());
document.addEventListener("htmx:afterSettle", afterExchange);
document.addEventListener("htmx:responseError", sendWhole);
window.addEventListener("pageshow", allowSendingAgain);

showWhatApplies();
document.querySelectorAll("[data-count]").forEach(countCharacters);
document.querySelectorAll("[data-rows]").forEach(limitRows);
document.querySelectorAll("[data-copy]").forEach(offerCopying);
focusErrorSummary();

/* What a browser adds to pages that already work without it. One live region speaks (#status). */
import { initAll } from "./vendor/govuk-frontend-6.3.0/govuk-frontend.js";

const RETRY_AFTER_MS = [1000, 2000, 4000];
const BUSY = 503;

const status = document.getElementById("status");
const sending = new WeakSet();
const attempts = new WeakMap();

/** Say it to screen readers; with `shown` to everybody. */
function say(text, { shown = false } = {}) {
  status.textContent = text;
  status.toggleAttribute("data-shown", shown && text !== "");
}

/* Two clicks are one act. The buttons stay focusable, so nobody loses their place. */
function hold(form) {
  sending.add(form);
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
}

function release(form) {
  sending.delete(form);
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
}

function onSubmit(event) {
  const form = event.target;
  if (sending.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  // After this event has run its course: a disabled-looking button must still send its name.
  if (form.method === "post") queueMicrotask(() => event.defaultPrevented || hold(form));
}

/* An answer that may or may not have arrived is sent again: the server counts repeats once. */
function sendAgain(form) {
  const tried = attempts.get(form) ?? 0;
  attempts.set(form, tried + 1);
  if (tried >= RETRY_AFTER_MS.length) {
    giveUp(form);
    return;
  }
  hold(form);
  say(status.dataset.sent, { shown: true });
  setTimeout(() => resubmit(form), RETRY_AFTER_MS[tried]);
}

function resubmit(form) {
  release(form);
  form.querySelector(".resend")?.remove();
  form.requestSubmit(form.lastSubmitter?.isConnected ? form.lastSubmitter : undefined);
}

function giveUp(form) {
  say("");
  attempts.delete(form);
  const box = document.createElement("div");
  box.className = "callout resend";
  box.dataset.kind = "warning";
  box.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = status.dataset.lost;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary";
  button.textContent = status.dataset.again;
  button.addEventListener("click", () => resubmit(form));
  box.append(words, button);
  form.querySelector(".resend")?.remove();
  form.append(box);
}

function answerForm(context) {
  const form = context?.sourceElement;
  return form instanceof HTMLFormElement && form.hasAttribute("data-answer") ? form : null;
}

/* After a swap: components of the new part only, then focus to its heading if focus was lost. */
function settle({ target, type }) {
  if (!target?.isConnected) return;
  initAll({ scope: target });
  showCurrent(target);
  if (type !== "main") return;
  const news = target.matches("[data-status]") ? target : target.querySelector("[data-status]");
  say(news?.dataset.status ?? "");
  const focused = document.activeElement;
  const lost = focused === document.body || target.contains(focused);
  if (!lost || target.querySelector(".govuk-error-summary")) return;
  const heading = target.querySelector("[data-focus]") ?? target.querySelector("h1, h2, h3");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}

/* A map wider than the screen opens where the reader is, or else where it begins. */
function showCurrent(root) {
  for (const scroller of root.querySelectorAll(".figure-scroll:has(.map-node)")) {
    const node = scroller.querySelector("[data-current]") ?? scroller.querySelector(".map-node");
    const { left, width } = node.getBoundingClientRect();
    const frame = scroller.getBoundingClientRect();
    scroller.scrollLeft += left + width / 2 - (frame.left + frame.width / 2);
  }
}

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
showCurrent(document);

document.addEventListener("submit", (event) => {
  event.target.lastSubmitter = event.submitter;
}, true);
document.addEventListener("submit", onSubmit, true);
// A page that comes back from the browser's memory must not stay locked.
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));

document.addEventListener("htmx:before:request", ({ detail }) => {
  const form = detail.ctx.sourceElement;
  if (form instanceof HTMLFormElement) hold(form);
});
document.addEventListener("htmx:finally:request", ({ detail }) => {
  const form = detail.ctx.sourceElement;
  if (form instanceof HTMLFormElement && !detail.ctx.again) release(form);
});
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  const form = answerForm(ctx);
  if (!form) return;
  if (ctx.response.status === BUSY) {
    event.preventDefault(); // keep the question and the answer on the page
    ctx.again = true;
    sendAgain(form);
  } else {
    attempts.delete(form);
    say("");
  }
});
document.addEventListener("htmx:error", ({ detail }) => {
  const link = detail.ctx?.sourceElement;
  if (link instanceof HTMLAnchorElement && !detail.ctx.response) location.assign(link.href);
});
document.addEventListener("htmx:error", ({ detail }) => {
  const form = answerForm(detail.ctx);
  if (!form || detail.ctx.response) return;
  detail.ctx.again = true;
  sendAgain(form);
});
document.addEventListener("htmx:after:settle", ({ detail }) => settle(detail.task));

// Drafts that save themselves: a while after the last keystroke, before a link is followed, and when
// the page is left in another way.
"use strict";

const autosaveAfter = 2000;

function time(instant) {
  return instant.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });
}

function whyNotSaved(response) {
  if (response?.status === 409) {
    return "Not saved – this was changed in another window. Press a save button: you are shown what is there, beside what you typed here.";
  }
  if (response && (response.type === "opaqueredirect" || [401, 403].includes(response.status))) {
    return "Not saved – you are signed out. Sign in again in another window; what you typed stays here.";
  }
  return "Not saved – check your connection. What you typed stays here.";
}

class Autosave {
  constructor(form) {
    this.form = form;
    // What a refused page gives back stands nowhere else yet, where `data-unsaved` says so.
    this.changed = "unsaved" in form.dataset;
    this.saving = null;
    this.news = document.createElement("p");
    this.news.className = "pp-saved";
    this.news.setAttribute("role", "status");
    form.append(this.news);
    form.addEventListener("input", () => this.noteChange());
    form.addEventListener("submit", (event) => this.beforeSubmit(event));
    document.addEventListener("click", (event) => this.beforeLink(event));
    document.addEventListener("submit", (event) => this.beforeOtherForm(event), true);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.save({ leaving: true });
    });
    window.addEventListener("online", () => this.save());
  }

  noteChange() {
    this.changed = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), autosaveAfter);
  }

  /** True if what was typed is now on the server. */
  async save({ leaving = false } = {}) {
    clearTimeout(this.timer);
    if (this.saving) await this.saving;
    if (!this.changed) return true;
    this.changed = false;
    this.saving = this.send(leaving);
    const response = await this.saving;
    this.saving = null;
    if (!response?.ok) this.changed = true;
    this.tell(response);
    return Boolean(response?.ok);
  }

  tell(response) {
    this.news.textContent = response?.ok ? `Saved at ${time(new Date())}` : whyNotSaved(response);
    this.news.classList.toggle("pp-saved--not", !response?.ok);
  }

  async send(leaving) {
    try {
      const response = await fetch(this.form.dataset.autosave, {
        method: "POST",
        body: new FormData(this.form),
        headers: { "X-Autosave": "1", Accept: "application/json" },
        redirect: "manual",
        keepalive: leaving,
      });
      if (response.ok) await this.keepVersion(response);
      return response;
    } catch {
      return null;
    }
  }

  async keepVersion(response) {
    const field = this.form.querySelector("input[name=version]");
    const answer = await response.json().catch(() => ({}));
    if (field && answer.version !== undefined) field.value = String(answer.version);
  }

  /** The form's own button saves too, but not while the version it carries is being replaced. */
  beforeSubmit(event) {
    clearTimeout(this.timer);
    if (!navigator.onLine) {
      // The browser's own error page would take the place of what was typed.
      event.preventDefault();
      this.changed = true;
      this.tell(null);
      return;
    }
    if (!this.saving) {
      this.changed = false;
      return;
    }
    event.preventDefault();
    this.saving.then(() => this.form.requestSubmit(event.submitter));
  }

  /** A link is followed once the draft is saved; where that fails, the second press follows it. */
  async beforeLink(event) {
    const link = event.target.closest("a[href]");
    const elsewhere = link && !link.getAttribute("href").startsWith("#") && !link.target;
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!elsewhere || !plain || !this.changed || this.warned) return;
    event.preventDefault();
    if (await this.save()) window.location.assign(link.href);
    else this.warned = true;
  }

  /** So is another form of the page, such as "Sign out": afterwards nobody could save any more. */
  async beforeOtherForm(event) {
    const form = event.target;
    const unsaved = this.changed || this.saving;
    if (form === this.form || !unsaved || this.warned) return;
    event.preventDefault();
    if (await this.save()) form.requestSubmit(event.submitter);
    else this.warned = true;
  }
}

document.querySelectorAll("form[data-autosave]").forEach((form) => new Autosave(form));

// Keeps the parts of a page that are marked "data-live" as the server has them. Without this script a
// page is as complete as it was when it was loaded.
"use strict";

(() => {
  const selector = "[data-live]";
  if (!document.querySelector(selector)) return;

  const isInUse = (part) => {
    const active = document.activeElement;
    return active && part.contains(active) && active.matches("input, textarea, select");
  };

  const keepOpen = (from, to) => {
    for (const details of from.querySelectorAll("details[id]")) {
      const twin = to.querySelector("#" + CSS.escape(details.id));
      if (twin) twin.open = details.open;
    }
  };

  const keepFocus = (part, fresh) => {
    const active = document.activeElement;
    if (!active || !part.contains(active) || !active.id) return null;
    return fresh.querySelector("#" + CSS.escape(active.id));
  };

  let loading = false;
  let again = false;

  const refresh = async () => {
    if (loading) {
      again = true;
      return;
    }
    loading = true;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll(selector)) {
        const fresh = page.querySelector(`[data-live="${CSS.escape(part.dataset.live)}"]`);
        if (!fresh || isInUse(part)) continue;
        keepOpen(part, fresh);
        if (fresh.isEqualNode(part)) continue;
        const focus = keepFocus(part, fresh);
        part.replaceWith(document.adoptNode(fresh));
        if (focus) focus.focus();
      }
      document.title = page.title;
    } catch {
      // The dashboard was stopped, or is busy: the next event tries again.
    } finally {
      loading = false;
      if (again) {
        again = false;
        refresh();
      }
    }
  };

  // A browser has few connections to one server: only a page that is seen holds one.
  let events = null;
  let poll = null;

  const listen = () => {
    if (events || document.hidden) return;
    events = new EventSource("/events");
    events.addEventListener("change", refresh);
    // Nobody told of what changed between the page and its stream.
    events.addEventListener("open", refresh);
    events.onerror = () => {
      if (events && events.readyState === EventSource.CLOSED && !poll)
        poll = setInterval(refresh, 3000);
    };
  };

  const rest = () => {
    if (events) events.close();
    if (poll) clearInterval(poll);
    events = poll = null;
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      rest();
    } else {
      listen();
      refresh();
    }
  });
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", listen);
  listen();
})();

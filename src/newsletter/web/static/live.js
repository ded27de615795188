// Shows a page anew when files changed. One stream of changes for all tabs of a browser: the tab
// that holds the lock reads it and tells the others, since a browser has six connections a host.
const page = document.documentElement;
const channel = new BroadcastChannel("changes");
const waits = [1, 2, 5, 10]; // seconds between tries
let shown = Number(page.dataset.version);
let newest = shown;
let busy = false;

const policy = globalThis.trustedTypes?.createPolicy("own-pages", { createHTML: (text) => text });

function parsed(text) { // our own page, of our own origin, escaped on the server
  return new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");
}

function told(state) {
  const line = document.getElementById("lost");
  const tool = line.dataset.tool;
  const words = {
    gone: `${tool} is not running. What you see may be old.`,
    locked: `${tool} was started anew. Open the new link from the terminal.`,
  }[state] ?? "";
  line.hidden = words === "";
  if (line.textContent !== words) line.textContent = words;
  if (words === "" && newest !== shown) renew();
}

async function swapFrame(old, coming) {
  if (old.getAttribute("src") === coming.getAttribute("src")) return; // it names the mail's content
  // The new mail loads unseen over the old one, is scrolled to the same place, then takes over.
  const next = document.importNode(coming, true);
  next.classList.add("coming");
  const loaded = new Promise((resolve) => next.addEventListener("load", resolve, { once: true }));
  old.after(next);
  await loaded;
  next.contentWindow.scrollTo(old.contentWindow.scrollX, old.contentWindow.scrollY);
  const focused = document.activeElement === old;
  old.remove();
  next.classList.remove("coming");
  if (focused) next.focus();
  watchLinks(next);
}

function isSameShape(now, then) {
  const keys = (root) => [...root.querySelectorAll("[data-live]")].map((each) => each.dataset.live);
  return keys(now).join() === keys(then).join();
}

async function renewMain(then) {
  const now = document.querySelector("[data-live=main]");
  const next = then.querySelector("[data-live=main]");
  document.title = then.title;
  if (!isSameShape(now, next) || now.querySelector("[data-live]") === null) {
    if (now.innerHTML !== next.innerHTML) now.replaceChildren(...document.importNode(next, true).childNodes);
    document.querySelectorAll("iframe").forEach(watchLinks);
    return;
  }
  for (const part of now.querySelectorAll("[data-live]")) {
    const other = next.querySelector(`[data-live="${part.dataset.live}"]`);
    if (part.dataset.live === "frame") {
      await swapFrame(part.querySelector("iframe"), other.querySelector("iframe"));
    } else if (part.innerHTML !== other.innerHTML) {
      const open = part.querySelector("details")?.open ?? false;
      part.replaceChildren(...document.importNode(other, true).childNodes);
      const details = part.querySelector("details");
      if (details) details.open = open;
    }
  }
}

async function renew() {
  if (busy) return;
  busy = true;
  try {
    while (newest !== shown) {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (answer.status === 401) return told("locked");
      const then = parsed(await answer.text());
      const version = Number(then.documentElement.dataset.version);
      await renewMain(then);
      shown = version;
      if (version < newest) newest = version; // the server began to count anew
      page.dataset.version = String(shown);
      document.getElementById("told").textContent = "Shown anew";
    }
  } catch {
    told("gone");
  } finally {
    busy = false;
  }
}

function watchLinks(frame) {
  // Links in a mail lead nowhere by themselves; a click says where they would lead.
  const line = document.querySelector("[data-keep]");
  const watch = () => frame.contentDocument?.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href], area[href]");
    if (!link) return;
    event.preventDefault();
    const address = link.getAttribute("href");
    line.replaceChildren(`Leads to ${address}`);
    if (!/^https?:/i.test(address)) return;
    const open = document.createElement("a");
    open.href = address;
    open.target = "_blank";
    open.rel = "noopener noreferrer";
    open.textContent = "Open";
    line.append(" ", open);
  });
  watch();
  frame.addEventListener("load", watch);
}

function hear(message) {
  if (message.version !== undefined) newest = message.version;
  told(message.state);
}

function lead() {
  let tries = 0;
  let last = null;
  const tell = (message) => {
    last = message;
    channel.postMessage(message);
    hear(message);
  };
  channel.addEventListener("message", ({ data }) => {
    if (data === "hello" && last) channel.postMessage(last);
  });
  const open = () => {
    const stream = new EventSource("/events");
    stream.addEventListener("version", ({ data }) => {
      tries = 0;
      tell({ state: "there", version: Number(data) });
    });
    stream.addEventListener("error", async () => {
      stream.close();
      const wait = waits[Math.min(tries++, waits.length - 1)];
      setTimeout(open, wait * 1000);
      const answer = await fetch("/", { cache: "no-store" }).catch(() => null);
      if (answer === null) tell({ state: "gone" });
      else if (answer.status === 401) tell({ state: "locked" });
    });
  };
  open();
  return new Promise(() => {}); // the lock is held as long as the tab lives
}

// Without a choice, a narrow screen begins with the phone's view.
const narrow = document.querySelector('a[data-choice="View Phone 375"]');
if (narrow && !new URLSearchParams(location.search).has("as") && matchMedia("(max-width: 480px)").matches)
  location.replace(narrow.href);

// A choice of view is a link and loads the page anew; the keyboard goes on from that choice.
const chosen = "chosen";
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-choice]");
  if (link) sessionStorage.setItem(chosen, link.dataset.choice);
});
const choice = sessionStorage.getItem(chosen);
sessionStorage.removeItem(chosen);
if (choice !== null)
  [...document.querySelectorAll("a[data-choice]")]
    .find((link) => link.dataset.choice === choice)?.focus({ preventScroll: true });

channel.addEventListener("message", ({ data }) => {
  if (data !== "hello") hear(data);
});
document.querySelectorAll("iframe").forEach(watchLinks);
channel.postMessage("hello");
if (navigator.locks) navigator.locks.request("changes", lead);
else lead();

// Keeps the page of one's own registration true while it is read: status and place in the queue. When the event's seats
// change, the registration is asked for; when that is another one than the page shows, the page's parts are taken from
// the server. Nothing is done for a guest whose standing cannot move by itself.
import { backoff_ms, spread_ms } from "./backoff";
import { page_socket } from "./socket";

interface Standing {
  status: string;
  position: number | null;
  sessions: { id: string; status: string }[];
}

const watch_limit_ms = 8_000;
const check_every_ms = 30_000; // also over HTTP while there is no socket
const together_ms = 300; // changes come in bursts, and everybody in a queue asks
const parts = ["#standing", "#my-programme"];

const page = document.querySelector<HTMLElement>("main[data-own-registration]");
const news = document.querySelector<HTMLElement>("[data-live=own]");
if (page && news && may_move(page)) follow(page, news);

function may_move(main: HTMLElement): boolean {
  const waits = ["waitlisted", "offered", "pending"].includes(main.dataset["status"] ?? "");
  return waits || main.querySelector("[data-session][data-status=waitlisted]") !== null;
}

function follow(main: HTMLElement, line: HTMLElement): void {
  const socket = page_socket();
  const event = main.dataset["event"]!;
  const token = location.pathname.split("/")[3]!;
  let attempt = 0;
  let asked: ReturnType<typeof setTimeout> | undefined;
  let next: ReturnType<typeof setTimeout> | undefined;

  socket.pushed["event.changed"] = (push) => {
    if (push.event === event) ask_soon();
  };
  socket.closed = () => again_in(backoff_ms(attempt++));
  document.addEventListener("visibilitychange", start);
  addEventListener("online", start);
  start();

  function start(): void {
    clearTimeout(next);
    if (document.hidden) socket.close_if_idle();
    else void watch();
  }

  function again_in(wait_ms: number): void {
    clearTimeout(next);
    if (!document.hidden) next = setTimeout(start, wait_ms);
  }

  async function watch(): Promise<void> {
    try {
      await socket.call("event.watch", { event }, watch_limit_ms);
      attempt = 0;
      compare(await socket.call<Standing>("registration.get", { token }, watch_limit_ms));
      again_in(check_every_ms);
    } catch {
      await poll();
      again_in(backoff_ms(attempt++));
    }
  }

  function ask_soon(): void {
    asked ??= setTimeout(() => {
      asked = undefined;
      socket.call<Standing>("registration.get", { token }, watch_limit_ms).then(compare, () => void poll());
    }, spread_ms(together_ms));
  }

  async function poll(): Promise<void> {
    const answer = await fetch(`/api/v1/registrations/${encodeURIComponent(token)}`).catch(() => undefined);
    if (answer?.ok) compare((await answer.json()) as Standing);
    else if (answer?.status === 410) location.reload(); // handed on or erased elsewhere
  }

  function compare(now: Standing): void {
    const same =
      now.status === main.dataset["status"] &&
      (now.position ?? 0) === Number(main.dataset["position"]) &&
      now.sessions.every(({ id, status }) => shown_of(id) === undefined || shown_of(id) === status);
    if (!same) take_from_server();
  }

  function shown_of(id: string): string | undefined {
    return main.querySelector<HTMLElement>(`[data-session="${CSS.escape(id)}"]`)?.dataset["status"];
  }

  // A part in which somebody is typing or choosing stays as it is.
  function take_from_server(): void {
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.open("GET", location.pathname);
    request.onload = () => {
      const fresh = (request.response as Document | null)?.querySelector<HTMLElement>("main[data-own-registration]");
      if (request.status !== 200 || !fresh) return;
      const moved = fresh.dataset["status"] !== main.dataset["status"];
      for (const name of ["status", "position", "version"]) main.dataset[name] = fresh.dataset[name] ?? "";
      for (const part of parts) {
        const here = main.querySelector(part);
        const there = fresh.querySelector(part);
        if (here && there && !here.querySelector("details[open]")) here.replaceWith(there);
      }
      if (moved) line.textContent = line.dataset["messageChanged"] ?? "";
    };
    request.send();
  }
}

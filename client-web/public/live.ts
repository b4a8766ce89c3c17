// Keeps an event's page true while somebody reads it: seats, programme, status. Watches the event over the socket and,
// while that is not to be had, asks over HTTP every 30 s. Works only while the page is seen. State is written in
// `apply` alone; what a line of the page cannot express is taken from the server's page.
import { backoff_ms, spread_ms } from "./backoff";
import "./own";
import { Shown, show_agenda, show_free, show_session, worst } from "./programme";
import { show_seats } from "./seats";
import { page_socket } from "./socket";
import { judge } from "./versions";
import type { Change, Missed, Session, Snapshot } from "./wire";

const watch_limit_ms = 8_000;
const check_every_ms = 60_000;
const poll_every_ms = 30_000;
const unnoticed_ms = 2_000; // a shorter drop is not worth a word
const sections = [".banner", ".facts", ".card", "#programme", ".speakers"]; // of the page; never the form

const page = document.querySelector<HTMLElement>("main[data-event]");
const news = document.querySelector<HTMLElement>("[data-live=news]");
if (page && news) follow(page, news, page.dataset["event"]!);

function follow(main: HTMLElement, line: HTMLElement, slug: string): void {
  const socket = page_socket();
  let seen = Number(main.dataset["version"]);
  let taken = seen; // the version of the server's page that is shown
  let attempt = 0;
  let is_lost = false;
  let asked_wait_ms = 0;
  let polled_at = Date.now();
  let next: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  const kinds: Record<string, (change: Change) => Shown> = {
    seats: take_seats,
    status: take_status,
    material: () => (say("messageStatus"), Shown.written),
  };

  socket.pushed["event.changed"] = (push) => {
    if (push.event !== slug) return;
    const verdict = judge(seen, push.version);
    if (verdict === "gap") void watch();
    if (verdict !== "apply") return;
    seen = push.version;
    apply(push.changes);
  };
  socket.pushed["server.closing"] = (push) => (asked_wait_ms = push.retry_after_ms);
  socket.closed = lost;
  document.addEventListener("visibilitychange", start);
  addEventListener("online", start);
  start();

  // ── Being connected ──

  function start(): void {
    clearTimeout(next);
    is_lost = false;
    if (!document.hidden) void watch();
    else socket.close_if_idle();
  }

  function again_in(wait_ms: number): void {
    clearTimeout(next);
    next = setTimeout(start, wait_ms);
  }

  async function watch(): Promise<void> {
    try {
      const answer = await socket.call<Snapshot | Missed>("event.watch", { event: slug, since: seen }, watch_limit_ms);
      attempt = 0;
      say_connected();
      catch_up(answer);
      again_in(document.hidden ? 0 : check_every_ms);
    } catch {
      socket.close_if_idle();
      lost();
    }
  }

  function lost(): void {
    if (document.hidden || is_lost) return;
    is_lost = true;
    silence ??= setTimeout(() => say("messageConnecting"), unnoticed_ms);
    const wait_ms = asked_wait_ms ? spread_ms(asked_wait_ms) : backoff_ms(attempt++);
    asked_wait_ms = 0;
    again_in(wait_ms);
    if (Date.now() - polled_at >= poll_every_ms) void poll();
  }

  async function poll(): Promise<void> {
    polled_at = Date.now();
    const answer = await fetch(`/api/v1/events/${encodeURIComponent(slug)}`).catch(() => undefined);
    if (answer?.ok) catch_up((await answer.json()) as Snapshot);
  }

  // ── Applying ──

  function catch_up(answer: Snapshot | Missed): void {
    if (answer.version <= seen) return;
    seen = answer.version;
    apply("changes" in answer ? answer.changes : ["status", "seats", "agenda"].map((kind) => ({ ...answer, kind })));
  }

  function apply(changes: readonly Change[]): void {
    const shown = worst(changes.map((change) => (kinds[change.kind] ?? take_agenda)(change)));
    main.dataset["version"] = String(seen);
    if (shown === Shown.beyond) setTimeout(take_from_server, spread_ms(500));
  }

  function take_seats({ seats, sessions }: Change): Shown {
    sessions?.forEach(show_free);
    if (!seats || !show_seats(seats)) return Shown.written;
    if (seats.free === 0) say("messageSeatsGone");
    return Shown.beyond;
  }

  function take_status({ status, registration }: Change): Shown {
    const flipped = registration !== undefined && registration.replaceAll("-", "_") !== main.dataset["registration"];
    if (!status || (status === main.dataset["status"] && !flipped)) return Shown.same;
    main.dataset["status"] = status;
    if (registration) main.dataset["registration"] = registration.replaceAll("-", "_");
    say("messageStatus");
    return Shown.beyond;
  }

  function take_agenda({ agenda, session, sessions }: Change): Shown {
    const all = (sessions ?? [session]) as (Session | undefined)[];
    const shown = agenda ? show_agenda(agenda) : worst(all.map((one) => (one ? show_session(one) : Shown.beyond)));
    if (shown !== Shown.same) say("messageAgenda");
    return shown;
  }

  // The server's page, of which the programme and the seats are put in place of ours. A form keeps what is in it.
  function take_from_server(): void {
    if (taken >= seen) return;
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.open("GET", location.pathname);
    request.onload = () => {
      const fresh = request.response as Document | null;
      const version = fresh?.querySelector<HTMLElement>("main[data-event]")?.dataset["version"];
      if (request.status !== 200 || !version) return void say("messageStatus");
      taken = Number(version);
      sections.forEach((section) => swap(fresh, section));
      add_form(fresh);
    };
    request.send();
  }

  // ── Saying ──

  function say(message: string): void {
    line.textContent = line.dataset[message] ?? line.textContent;
  }

  function say_connected(): void {
    clearTimeout(silence);
    silence = undefined;
    if (line.textContent === line.dataset["messageConnecting"]) line.textContent = "";
  }
}

// Registering has opened: the form, which was not there. One that is there keeps what is in it.
function add_form(fresh: Document): void {
  const form = fresh.querySelector("#register");
  if (!form || document.querySelector("#register")) return;
  const before = document.querySelector(".speakers") ?? document.querySelector("#programme");
  if (before) before.after(form);
  else document.querySelector(".event-body")?.prepend(form);
}

function swap(fresh: Document, selector: string): void {
  const here = document.querySelector(selector);
  const there = fresh.querySelector(selector);
  const focused = here?.contains(document.activeElement) ? document.activeElement?.id : undefined;
  if (!there) here?.remove();
  else if (here) here.replaceWith(there);
  else if (selector === ".banner") page?.prepend(there);
  if (focused) document.getElementById(focused)?.focus();
}

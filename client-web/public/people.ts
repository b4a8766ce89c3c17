// What the organisers' list of people gains from JavaScript: it says when somebody registers or changes, and waits with
// showing it until asked, so that no row moves under the pointer; it says when what is shown may be old; it can be used
// by keyboard like a spreadsheet. Rows are the server's own.
import organisers from "organisers";
import { backoff_ms, spread_ms } from "./backoff";
import { make_grid, search_by_slash } from "./people_grid";
import { page_socket } from "./socket";
import { say } from "./words";
import type { PeopleChanged, PersonRow } from "./wire";

const watch_limit_ms = 8_000;
const unnoticed_ms = 2_000; // a shorter drop is not worth a word

interface Watched {
  version: number;
  items: PersonRow[];
}

const main = document.querySelector<HTMLElement>("main[data-people]");
const line = document.querySelector<HTMLElement>("[data-people-news]");
const button = document.querySelector<HTMLButtonElement>("[data-people-show]");
search_by_slash(document.querySelector("#people-q"));
set_up_table();
if (main && line && button) follow(main.dataset["event"]!, line, button);

function body(): HTMLElement {
  return document.querySelector<HTMLElement>("[data-people-body]")!;
}

function words(key: string, number: number): string {
  const language = document.documentElement.lang;
  return say(language, organisers[language]?.[key] ?? "", number);
}

function set_up_table(): void {
  const table = document.querySelector<HTMLTableElement>("[data-people-table]");
  if (table) make_grid(table);
}

function follow(slug: string, news: HTMLElement, show: HTMLButtonElement): void {
  const socket = page_socket();
  const fresh = new Set<string>();
  const changed = new Set<string>();
  let attempt = 0;
  let asked_wait_ms = 0;
  let is_lost = false;
  let is_over = false;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let next: ReturnType<typeof setTimeout> | undefined;

  socket.pushed["people.changed"] = (push) => {
    if (push.event !== slug) return;
    if (push.ended) end();
    else take(push);
  };
  socket.pushed["server.closing"] = (push) => (asked_wait_ms = push.retry_after_ms);
  socket.closed = lost;
  document.addEventListener("visibilitychange", start);
  addEventListener("online", start);
  show.addEventListener("click", take_from_server);
  document.addEventListener("change", count_chosen);
  start();

  function start(): void {
    clearTimeout(next);
    is_lost = false;
    if (!document.hidden && !is_over) void watch();
  }

  async function watch(): Promise<void> {
    try {
      const answer = await socket.call<Watched>("people.watch", { event: slug }, watch_limit_ms);
      attempt = 0;
      found();
      if (answer.version > Number(body().dataset["version"])) take({ event: slug, people: answer.items });
    } catch (failure) {
      const problem = (failure as { problem?: { type: string } }).problem;
      if (problem) end();
      else lost();
    }
  }

  function lost(): void {
    if (document.hidden || is_lost || is_over) return;
    is_lost = true;
    silence ??= setTimeout(() => mark_stale("messageLost"), unnoticed_ms);
    next = setTimeout(start, asked_wait_ms ? spread_ms(asked_wait_ms) : backoff_ms(attempt++));
    asked_wait_ms = 0;
  }

  function found(): void {
    clearTimeout(silence);
    silence = undefined;
    if (!body().classList.contains("is-stale")) return;
    body().classList.remove("is-stale");
    news.textContent = news.dataset["messageBack"] ?? "";
  }

  function mark_stale(message: string): void {
    body().classList.add("is-stale");
    news.textContent = news.dataset[message] ?? "";
  }

  function end(): void {
    is_over = true;
    clearTimeout(silence);
    mark_stale("messageEnded");
    show.hidden = true;
  }

  // ── News wait behind the button ──

  function take({ people = [], more }: PeopleChanged): void {
    for (const person of people) {
      const row = document.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(person.id)}"]`);
      if (!row) fresh.add(person.id);
      else if (Number(row.dataset["version"]) < person.version) changed.add(person.id);
    }
    const total = fresh.size + changed.size;
    if (!total && !more) return;
    show.hidden = false;
    show.textContent = fresh.size ? words("people.news", fresh.size) : words("people.changed_rows", changed.size);
    news.textContent = show.textContent;
  }

  // The server's page again, of which the list is put in place of ours; what is chosen stays chosen.
  function take_from_server(): void {
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.open("GET", location.href);
    request.onload = () => {
      const page = request.response as Document | null;
      const there = page?.querySelector("[data-people-body]");
      if (request.status !== 200 || !page || !there) return void mark_stale("messageLost");
      swap(page, there);
      fresh.clear();
      changed.clear();
      show.hidden = true;
      news.textContent = body().querySelector("[data-people-total]")?.textContent ?? "";
    };
    request.onerror = () => mark_stale("messageLost");
    request.send();
  }

  function swap(page: Document, there: Element): void {
    const chosen = [...body().querySelectorAll<HTMLInputElement>("input[name=id]:checked")].map(({ value }) => value);
    const had_focus = document.activeElement === show;
    body().replaceWith(there);
    for (const id of chosen) {
      const box = body().querySelector<HTMLInputElement>(`input[name=id][value="${CSS.escape(id)}"]`);
      if (box) box.checked = true;
    }
    const seats = page.querySelector("[data-people-seats]");
    if (seats) document.querySelector("[data-people-seats]")?.replaceWith(seats);
    set_up_table();
    if (had_focus) body().querySelector<HTMLElement>("tbody [tabindex='0']")?.focus();
  }

  function count_chosen({ target }: Event): void {
    if (!(target as HTMLElement).matches("input[name=id]")) return;
    news.textContent = words("people.chosen_rows", body().querySelectorAll("input[name=id]:checked").length);
  }
}

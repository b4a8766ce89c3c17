// The programme on the page: writes a session's new time, room, words and seats where the old ones stand, with the old
// ones struck through.
import { say_message } from "./messages";
import { at_offset_of, day_of, wall_time } from "./times";
import type { Agenda, Session, SessionSeats, Text } from "./wire";

// How well the page could say a change.
export const enum Shown {
  same, // it said so already
  written, // it says so now
  beyond, // a line cannot say it (a session more or less, another day, other speakers): the server's page can
}

export const worst = (all: readonly Shown[]): Shown => Math.max(Shown.same, ...all);

const language = document.documentElement.lang;

const line_of = (id: string): HTMLElement | null => document.getElementById(`session-${id}`);

export function show_agenda(agenda: Agenda): Shown {
  const is_complete = document.querySelectorAll("[data-session]").length === agenda.sessions.length;
  return worst([is_complete ? Shown.same : Shown.beyond, ...agenda.sessions.map(show_session)]);
}

export function show_session(session: Session): Shown {
  const line = line_of(session.id);
  if (!line || !stays_in_its_day(line, session)) return Shown.beyond;
  show_free(session);
  if (Number(line.dataset["version"]) >= session.version) return Shown.same;
  const is_moved = [amend_time(line, "starts", session.starts_at), amend_time(line, "ends", session.ends_at)].some(Boolean);
  const is_elsewhere = amend(part(line, "room"), pick(session.room?.name ?? {}));
  const is_renamed = amend(part(line, "title"), pick(session.title));
  const is_cancelled = session.status === "cancelled" && line.dataset["status"] !== "cancelled";
  line.dataset["version"] = String(session.version);
  line.dataset["status"] = session.status;
  line.classList.toggle("session-cancelled", session.status === "cancelled");
  if (is_moved) keep_order(line);
  if (is_cancelled) mark(line, "messageCancelled");
  else if (is_moved || is_elsewhere) mark(line, "messageMoved");
  // A new version without a difference that was written changed something a line cannot say.
  const is_written = is_moved || is_elsewhere || is_renamed || is_cancelled;
  return is_written && !!part(line, "room") === !!session.room && names_everybody(line, session) ? Shown.written : Shown.beyond;
}

export function show_free({ id, free }: SessionSeats): void {
  const place = line_of(id) && part(line_of(id)!, "free");
  if (!place || free == null || place.dataset["free"] === String(free)) return;
  place.dataset["free"] = String(free);
  place.textContent = say_message(free > 0 ? "session.free" : "session.full", free);
}

const part = (line: Element, name: string): HTMLElement | null => line.querySelector(`[data-live=${name}]`);

// In every city, as the day is named where it is another one.
function stays_in_its_day(line: HTMLElement, { starts_at }: Session): boolean {
  const times = line.querySelectorAll<HTMLTimeElement>("[data-live=starts], [data-live=other-starts]");
  return [...times].every(({ dateTime }) => day_of(dateTime) === day_of(at_offset_of(dateTime, starts_at)));
}

function names_everybody(line: HTMLElement, session: Session): boolean {
  const said = part(line, "speakers")?.textContent ?? "";
  return session.speakers.every(({ name, name_cyrillic }) => said.includes(name) || said.includes(name_cyrillic ?? name));
}

function pick(text: Text): string {
  return text[language] ?? Object.values(text)[0] ?? "";
}

// ── Writing ──

// True when the words are others than before.
function amend(place: HTMLElement | null, words: string): boolean {
  if (!place || !words || place.textContent === words) return false;
  const before = place.previousElementSibling;
  const struck = before instanceof HTMLModElement ? before : strike(place);
  if (struck.textContent === words) struck.remove();
  place.textContent = words;
  return true;
}

function strike(place: HTMLElement): HTMLModElement {
  const struck = document.createElement("del");
  struck.textContent = place.textContent;
  struck.lang = place.lang;
  place.before(struck, " ");
  return struck;
}

function amend_time(line: HTMLElement, name: "starts" | "ends", at: string): boolean {
  for (const other of line.querySelectorAll<HTMLTimeElement>(`[data-live=other-${name}]`)) {
    other.dateTime = at_offset_of(other.dateTime, at);
    other.textContent = wall_time(other.dateTime, language);
  }
  const place = part(line, name) as HTMLTimeElement | null;
  const is_other = amend(place, wall_time(at, language));
  if (place) place.dateTime = at;
  return is_other;
}

function mark(line: HTMLElement, message: string): void {
  const place = part(line, "mark");
  const words = line.closest<HTMLElement>("[data-live=agenda]")?.dataset[message];
  if (!place || !words) return;
  place.textContent = words;
  place.hidden = false;
}

// Lines stand in the order of their times; only the one that moved is taken up.
function keep_order(line: HTMLElement): void {
  const starts = (one: Element): number => Date.parse((part(one, "starts") as HTMLTimeElement | null)?.dateTime ?? "");
  const others = [...(line.parentElement?.children ?? [])].filter((one) => one !== line);
  const next = others.find((one) => starts(one) > starts(line));
  if (next !== line.nextElementSibling) line.parentElement?.insertBefore(line, next ?? null);
}

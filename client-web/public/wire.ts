// What travels between page and server: the objects of the contract that the pages use, and every push in one map.

export interface Problem {
  type: string; // "/problems/NAME"
  title: string;
  detail: string;
  field?: string;
  retry_after_ms?: number;
  errors?: { field: string; detail: string }[];
  current?: unknown;
}

export const problem_name = (problem: Problem): string => problem.type.replace(/^.*\//, "");

export interface Seats {
  capacity: number | null;
  confirmed: number;
  waitlisted: number;
  free: number | null;
}

export interface Companion {
  name: string;
  email?: string;
}

// Section 5 of the contract; optional texts are left out when empty.
export interface Submission {
  submission_id: string;
  event: string;
  name: string;
  email: string;
  language: string;
  answers: Record<string, unknown>;
  sessions?: string[];
  companions: Companion[];
  [optional: string]: unknown;
}

export interface Receipt {
  token: string;
  status: string;
  position?: number;
  event: string;
}

export type Text = Partial<Record<string, string>>; // language → words

export interface Session {
  id: string;
  version: number;
  title: Text;
  starts_at: string; // RFC 3339 with the offset of the place: its first characters are the time on the wall
  ends_at: string;
  time_zone: string;
  room?: { id: string; name: Text } | null;
  speakers: { name: string; name_cyrillic?: string }[];
  status: string;
  capacity?: number | null;
  free?: number | null;
}

export type SessionSeats = Pick<Session, "id" | "free">;

export interface Agenda {
  version: number;
  sessions: Session[];
}

export interface Change {
  kind: string;
  seats?: Seats;
  session?: Session;
  sessions?: (Session | SessionSeats)[]; // with seats only what changed of them
  agenda?: Agenda;
  status?: string;
  registration?: string; // with status: open, closed … when only that has flipped
}

export interface Snapshot {
  event: string;
  version: number;
  status: string;
  seats: Seats;
  agenda: Agenda;
}

// What a watcher has missed since the version it knew.
export interface Missed {
  version: number;
  changes: Change[];
}

// Of the organisers' list: what the page needs to know of a row to say that it is new or another.
export interface PersonRow {
  id: string;
  version: number;
}

export interface PeopleChanged {
  event: string;
  people?: PersonRow[];
  more?: boolean; // others have changed, too
  ended?: boolean; // no longer ours to see
}

export interface Pushes {
  "event.changed": { event: string; version: number; changes: Change[] };
  "people.changed": PeopleChanged;
  "server.closing": { retry_after_ms: number };
}
